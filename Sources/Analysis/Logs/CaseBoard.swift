import EventLogs
import Rules

/// A case laid out for a screen's questions: of every selection which records belong to it, and what comes before what.
///
/// Used for one case after another, so that none costs an allocation.
struct CaseBoard<Mask: CaseMask>: Sendable {
  /// By selection, of those that the present case has.
  private var members = [Mask](repeating: Mask(), count: 64)
  private var held: UInt64 = 0
  private(set) var records = CaseRecords()
  private(set) var identities = CaseIdentities()
  /// The bits of all selections that it has.
  private(set) var present: UInt64 = 0
  private var lanes: [UInt16] = []
  /// Times and arrival agree, so that an earlier record is a record before.
  private(set) var isOrderly = false
  /// The records that name the case's certificate.
  private(set) var certified = Mask()
  /// The bound of two producers' clocks, where it was set by hand.
  private var bound: Int64.Magnitude?
  /// All of the case's records.
  private(set) var all = Mask()
  /// By column of the program.
  private(set) var columns: [Compared] = []
  /// By column of the program, and by record that has a value in it: those that have the same.
  private var equals: [Mask] = []
  /// Finds the records of a value.
  private var finder = [UInt16](repeating: 0, count: 2 * Mask.capacity)
  private var values = [UInt64](repeating: 0, count: Mask.capacity)

  /// What is compared, of those records between which it is.
  struct Compared: Sendable {
    /// Those that have a value.
    var filled = Mask()
    /// All that have one have the same, and no two of them.
    var isUniform = true
    var isDistinct = true
  }

  /// Records that are certain to be meant, and those that may be.
  struct Marks {
    var sure = Mask()
    var open = Mask()

    @inline(__always) var any: Mask { sure | open }
  }

  init() {}

  /// Lays out a case; `selections` are those that anything will be asked of.
  ///
  /// `false` where it has more than one of an identity.
  mutating func lay(
    _ case: CaseRecords, selections: UInt64, lanes: [UInt16], bound: Int64.Magnitude?
  ) -> Bool {
    records = `case`
    self.lanes = lanes
    self.bound = bound
    while held != 0 {
      members[held.trailingZeroBitCount] = Mask()
      held &= held &- 1
    }
    var sketch = Sketch()
    let isSingle = CaseBoard.lay(records, selections, lanes, &members, &sketch)
    present = sketch.present
    held = present & selections
    identities = sketch.identities
    certified = sketch.certified
    isOrderly = sketch.isOrderly
    all = Mask(before: records.count)
    return isSingle
  }

  private struct Sketch {
    var present: UInt64 = 0
    var identities = CaseIdentities()
    var certified = Mask()
    var isOrderly = true
  }

  private static func lay(
    _ case: CaseRecords, _ selections: UInt64, _ lanes: [UInt16], _ members: inout [Mask],
    _ sketch: inout Sketch
  ) -> Bool {
    // Spans: a list would be asked for each record whether it is shared.
    var members = members.mutableSpan
    let records = `case`.all.span
    let places = `case`.places.span
    let missing = Timestamp.missing.nanoseconds
    var (time, serial, source) = (Int64.min, UInt64(0), UInt16(0))
    for index in places.indices {
      let place = Int(places[index])
      let selected = records[place].selections
      sketch.present |= selected
      var rest = selected & selections
      while rest != 0 {
        members[rest.trailingZeroBitCount].insert(index)
        rest &= rest &- 1
      }
      if !sketch.identities.take(records[place]) { return false }
      if records[place].certificate != 0 { sketch.certified.insert(index) }
      let next = (
        time: records[place].time, serial: records[place].serial, source: records[place].source
      )
      if next.time == missing || next.time < time || (index > 0 && next.serial <= serial) {
        sketch.isOrderly = false
      }
      if next.source != source {
        if index > 0 && lanes[Int(source)] != lanes[Int(next.source)] { sketch.isOrderly = false }
        source = next.source
      }
      (time, serial) = (next.time, next.serial)
    }
    return true
  }

  /// Finds which of the records have the same in what a program compares.
  mutating func compare(_ compared: [(column: ScreenProgram.Column, among: UInt64)]) {
    if columns.count < compared.count {
      columns = Array(repeating: Compared(), count: compared.count)
      equals = Array(repeating: Mask(), count: compared.count * Mask.capacity)
    }
    for (place, one) in compared.enumerated() {
      columns[place] = CaseBoard.compare(
        records, one.column, among: members(of: one.among), certified, &values, &finder, &equals,
        from: place &* Mask.capacity)
    }
  }

  private static func compare(
    _ case: CaseRecords, _ column: ScreenProgram.Column, among: Mask, _ certified: Mask,
    _ values: inout [UInt64], _ finder: inout [UInt16], _ equals: inout [Mask], from start: Int
  ) -> Compared {
    var compared = Compared()
    if among.isEmpty { return compared }
    var values = values.mutableSpan
    var finder = finder.mutableSpan
    var equals = equals.mutableSpan
    let records = `case`.all.span
    let places = `case`.places.span
    let mask = finder.count - 1
    finder.update(repeating: 0)
    var first = -1
    var rest = among
    while !rest.isEmpty {
      let index = rest.first
      rest.removeFirst()
      let value = column.value(
        of: records[Int(places[index])].values, isCertified: certified.contains(index))
      if value == 0 { continue }
      compared.filled.insert(index)
      values[index] = value
      var slot = Int(truncatingIfNeeded: value &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
      while true {
        let known = Int(finder[slot]) - 1
        if known < 0 {
          // The first that has it has all of them.
          finder[slot] = UInt16(truncatingIfNeeded: index + 1)
          equals[start &+ index] = Mask()
          equals[start &+ index].insert(index)
          if first < 0 { first = index } else { compared.isUniform = false }
          break
        }
        if values[known] == value {
          equals[start &+ known].insert(index)
          compared.isDistinct = false
          break
        }
        slot = (slot &+ 1) & mask
      }
    }
    if compared.isUniform || compared.isDistinct { return compared }
    // Now all of them do.
    rest = compared.filled
    while !rest.isEmpty {
      let same = equals[start &+ rest.first]
      rest = rest.without(same)
      var others = same
      others.removeFirst()
      while !others.isEmpty {
        equals[start &+ others.first] = same
        others.removeFirst()
      }
    }
    return compared
  }

  /// The records that have the same in a column as an event, which has something there.
  @inline(__always)
  func having(_ column: Int32, sameAs event: Int) -> Mask {
    let compared = columns[Int(column)]
    if !compared.filled.contains(event) { return Mask() }
    return compared.isUniform
      ? compared.filled : equals[Int(column) &* Mask.capacity &+ event]
  }

  /// The records among some that have something else in a column than an event; none where one of them has nothing there.
  @inline(__always)
  func differing(in column: Int32, from event: Int, among candidates: Mask) -> Mask {
    let compared = columns[Int(column)]
    if compared.isUniform || !compared.filled.contains(event) { return Mask() }
    return (candidates & compared.filled)
      .without(equals[Int(column) &* Mask.capacity &+ event])
  }

  /// Lets go of the records, which are somebody else's.
  mutating func clear() { records = CaseRecords() }

  /// The records of some selections.
  @inline(__always)
  func members(of selections: UInt64) -> Mask {
    var rest = selections & held
    var found = Mask()
    while rest != 0 {
      found = found | members[rest.trailingZeroBitCount]
      rest &= rest &- 1
    }
    return found
  }

  /// Counts the records of each of some selections.
  func count(_ selections: UInt64, into counts: inout [Int]) {
    // A span: a list would be asked for each selection whether it is shared.
    var counts = counts.mutableSpan
    var rest = selections & held
    while rest != 0 {
      let selection = rest.trailingZeroBitCount
      counts[selection] += members[selection].count
      rest &= rest &- 1
    }
  }

  /// Those of them that have a time.
  func timed(_ selections: UInt64) -> Mask {
    members(of: selections).filter { records[$0].isTimed }
  }

  /// What is before a record, by every order that there is.
  func before(_ index: Int) -> Marks {
    if isOrderly { return Marks(sure: Mask(before: index)) }
    return marks(among: all) { isBefore($0, index) }
  }

  /// What a record is before.
  func after(_ index: Int) -> Marks {
    if isOrderly { return Marks(sure: all.without(Mask(before: index + 1))) }
    return marks(among: all) { isBefore(index, $0) }
  }

  @inline(__always)
  private func marks(among candidates: Mask, _ decide: (Int) -> Certainty) -> Marks {
    var marks = Marks()
    candidates.forEach { index in
      switch decide(index) {
      case .yes: marks.sure.insert(index)
      case .maybe: marks.open.insert(index)
      case .no: break
      }
    }
    return marks
  }

  private func isBefore(_ left: Int, _ right: Int) -> Certainty {
    let (first, second) = (records[left].time, records[right].time)
    let missing = Timestamp.missing.nanoseconds
    if first == missing || second == missing { return .maybe }
    let (source, other) = (Int(records[left].source), Int(records[right].source))
    if source != other, lanes[source] != lanes[other] {
      let (gap, overflow) = second.subtractingReportingOverflow(first)
      if overflow || gap == 0 || gap.magnitude <= bound ?? 0 { return .maybe }
      return gap > 0 ? .yes : .no
    }
    let isLineBefore = records[left].serial < records[right].serial
    if first == second || (first < second) == isLineBefore { return isLineBefore ? .yes : .no }
    let producer = records[left].producer
    let isOneClock = producer == records[right].producer && producer != Event.nobody
    guard isOneClock || bound == 0 else { return .maybe }
    return first < second ? .yes : .no
  }

  // MARK: - Tests

  /// The records among some that pass a test beside an event, and those that may.
  func passing(
    _ place: Int32, of program: ScreenProgram, among candidates: Mask, beside event: Int
  ) -> Marks {
    let test = program.tests[Int(place)]
    switch test.operation {
    case .unknown: return Marks(open: candidates)
    case .never: return Marks()
    case .all:
      var marks = Marks(sure: candidates)
      for part in test.parts {
        let other = passing(
          program.parts[Int(part)], of: program, among: candidates, beside: event)
        marks.open = (marks.any & other.any).without(marks.sure & other.sure)
        marks.sure = marks.sure & other.sure
        if marks.any.isEmpty { break }
      }
      return marks
    case .any:
      var marks = Marks()
      for part in test.parts {
        let other = passing(
          program.parts[Int(part)], of: program, among: candidates, beside: event)
        marks.sure = marks.sure | other.sure
        marks.open = (marks.open | other.open).without(marks.sure)
      }
      return marks
    case .not:
      let part = program.parts[Int(test.parts.lowerBound)]
      let marks = passing(part, of: program, among: candidates, beside: event)
      return Marks(sure: candidates.without(marks.any), open: marks.open)
    case .fact:
      return marks(among: candidates) { fact(test.fact, $0) }
    case .same: return Marks(sure: candidates & having(test.column, sameAs: event))
    case .different:
      return Marks(sure: differing(in: test.column, from: event, among: candidates))
    }
  }

  /// Those of some records that have all of these facts, and those that may have them.
  @inline(__always)
  func having(_ facts: UInt64, among candidates: Mask) -> (sure: Mask, any: Mask) {
    if facts == 0 { return (candidates, candidates) }
    var (sure, any) = (candidates, candidates)
    candidates.forEach { index in
      if records[index].facts & facts != facts { sure.remove(index) }
      if records[index].denials & facts & ~records[index].facts != 0 { any.remove(index) }
    }
    return (sure, any)
  }

  @inline(__always)
  func fact(_ bit: UInt64, _ event: Int) -> Certainty {
    if records[event].facts & bit != 0 { return .yes }
    return records[event].denials & bit != 0 ? .no : .maybe
  }
}

/// The identities of a case that has at most one of each.
struct CaseIdentities: Sendable {
  private(set) var output: UInt64 = 0
  private(set) var request: UInt64 = 0
  private(set) var prompt: UInt64 = 0
  private(set) var certificate: UInt64 = 0
  /// A record names neither output nor request; another one names both.
  private var hasNeither = false
  private var hasBoth = false

  /// `false` where the record has another one.
  @inline(__always)
  mutating func take(_ record: EventRecord) -> Bool {
    if !record.links.isEmpty { return false }
    let (output, request) = (record.output, record.request)
    if output == 0 {
      if request == 0 { hasNeither = true }
    } else if request != 0 {
      hasBoth = true
    }
    return CaseIdentities.join(&self.output, output)
      && CaseIdentities.join(&self.request, request)
      && CaseIdentities.join(&prompt, record.prompt)
      && CaseIdentities.join(&certificate, record.certificate)
  }

  @inline(__always)
  private static func join(_ known: inout UInt64, _ met: UInt64) -> Bool {
    // Nearly always the first.
    if met == known || met == 0 { return true }
    if known != 0 { return false }
    known = met
    return true
  }

  /// Whether every event is certain to be about the one output.
  var isLinked: Bool {
    if output == 0 && request == 0 { return false }
    return !hasNeither && (hasBoth || output == 0 || request == 0)
  }
}

extension ScreenProgram.Column {
  /// What a record has there, as one; 0 where it has nothing.
  @inline(__always)
  fileprivate func value(of values: ComparedValues, isCertified: Bool) -> UInt64 {
    var whole: UInt64 = 0
    var rest = filled
    while rest != 0 {
      let value = ScreenProgram.Column.value(of: values, rest, isCertified)
      if value == 0 { return 0 }
      whole = (whole &+ value) &* 0x9E37_79B9_7F4A_7C15
      rest &= rest &- 1
    }
    rest = alike
    while rest != 0 {
      whole =
        (whole &+ ScreenProgram.Column.value(of: values, rest, isCertified) &+ 1)
        &* 0x9E37_79B9_7F4A_7C15
      rest &= rest &- 1
    }
    return max(1, whole)
  }

  /// In the first of the fields.
  @inline(__always)
  private static func value(
    of values: ComparedValues, _ fields: UInt16, _ isCertified: Bool
  ) -> UInt64 {
    fields == certificate
      ? isCertified ? 1 : 0 : UInt64(values[fields.trailingZeroBitCount])
  }
}
