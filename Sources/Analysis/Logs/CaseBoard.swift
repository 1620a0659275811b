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
  /// By field that is compared: the records that have something in it, of those among which it is.
  private var filled = [Mask](repeating: Mask(), count: ScreenPlan.mostValues)
  /// By field that is compared, and by record that has something in it: those that have the same; only where they differ.
  private var equals: [Mask] = []
  /// By field that is compared, and by record: what stands there.
  private var values: [UInt32] = []
  /// The fields in which all that have something have the same, a bit each.
  private var uniform: UInt8 = 0

  /// Records that are certain to be meant, and those that may be.
  struct Marks {
    var sure = Mask()
    var open = Mask()

    @inline(__always) var any: Mask { sure | open }
  }

  init() {}

  /// Lays out a case; `selections` are those that anything will be asked of.
  mutating func lay(
    _ case: CaseRecords, present: UInt64, selections: UInt64, lanes: [UInt16],
    bound: Int64.Magnitude?
  ) {
    records = `case`
    self.present = present
    self.lanes = lanes
    self.bound = bound
    while held != 0 {
      members[held.trailingZeroBitCount] = Mask()
      held &= held &- 1
    }
    held = present & selections
    certified = Mask()
    isOrderly = true
    CaseBoard.lay(records, held, lanes, &members, &certified, &isOrderly)
    all = Mask(before: records.count)
  }

  private static func lay(
    _ case: CaseRecords, _ selections: UInt64, _ lanes: [UInt16], _ members: inout [Mask],
    _ certified: inout Mask, _ isOrderly: inout Bool
  ) {
    // Spans: a list would be asked for each record whether it is shared.
    var members = members.mutableSpan
    let records = `case`.all.span
    let places = `case`.places.span
    let missing = Timestamp.missing.nanoseconds
    var (time, serial, source) = (Int64.min, UInt64(0), UInt16(0))
    for index in places.indices {
      let place = Int(places[index])
      if records[place].certificate != 0 { certified.insert(index) }
      var rest = records[place].selections & selections
      while rest != 0 {
        members[rest.trailingZeroBitCount].insert(index)
        rest &= rest &- 1
      }
      let next = (
        time: records[place].time, serial: records[place].serial, source: records[place].source
      )
      if next.time == missing || next.time < time || (index > 0 && next.serial <= serial) {
        isOrderly = false
      }
      if next.source != source {
        if index > 0 && lanes[Int(source)] != lanes[Int(next.source)] { isOrderly = false }
        source = next.source
      }
      (time, serial) = (next.time, next.serial)
    }
  }

  /// Finds which of the records have the same in a field, by field for those of some selections.
  mutating func compare(_ compared: [UInt64]) {
    uniform = 0
    for field in compared.indices where compared[field] != 0 {
      let among = members(of: compared[field])
      filled[field] = Mask()
      if among.isEmpty { continue }
      if values.isEmpty {
        values = Array(repeating: 0, count: ScreenPlan.mostValues * Mask.capacity)
        equals = Array(repeating: Mask(), count: ScreenPlan.mostValues * Mask.capacity)
      }
      let isUniform = CaseBoard.compare(
        records, field, among, &values, &filled[field], &equals)
      if isUniform { uniform |= 1 << UInt8(field) }
    }
  }

  /// Likewise in one field; whether all that have something there have the same.
  private static func compare(
    _ case: CaseRecords, _ field: Int, _ among: Mask, _ values: inout [UInt32],
    _ filled: inout Mask, _ equals: inout [Mask]
  ) -> Bool {
    let start = field &* Mask.capacity
    var values = values.mutableSpan
    let records = `case`.all.span
    let places = `case`.places.span
    var common: UInt32 = 0
    var isUniform = true
    var rest = among
    while !rest.isEmpty {
      let index = rest.first
      rest.removeFirst()
      let value = records[Int(places[index])].values[field]
      if value == 0 { continue }
      values[start &+ index] = value
      filled.insert(index)
      if common == 0 { common = value } else if common != value { isUniform = false }
    }
    if isUniform { return true }
    var equals = equals.mutableSpan
    CaseBoard.compare(filled, from: start, values.span, &equals)
    return false
  }

  /// Likewise where they are not all the same, for the records that have something in it.
  @inline(__always)
  private static func compare(
    _ filled: Mask, from start: Int, _ values: Span<UInt32>, _ equals: inout MutableSpan<Mask>
  ) {
    var rest = filled
    while !rest.isEmpty {
      let first = rest.first
      let value = values[start &+ first]
      rest.removeFirst()
      var same = Mask()
      var others = rest
      while !others.isEmpty {
        let index = others.first
        others.removeFirst()
        if values[start &+ index] == value { same.insert(index) }
      }
      rest = rest.without(same)
      same.insert(first)
      var alike = same
      while !alike.isEmpty {
        equals[start &+ alike.first] = same
        alike.removeFirst()
      }
    }
  }

  /// The records that have something in a field, of those among which it is compared.
  @inline(__always)
  func having(_ field: UInt8) -> Mask {
    field == ScreenProgram.Comparison.certificate ? certified : filled[Int(field)]
  }

  /// The records that have the same in a field as an event has, or nothing as well.
  @inline(__always)
  func alike(_ field: UInt8, _ event: Int) -> Mask {
    let filled = having(field)
    // What has nothing there was not compared.
    if !filled.contains(event) { return all.without(filled) }
    return isUniform(field) ? filled : equals[Int(field) &* Mask.capacity &+ event]
  }

  /// Whether all that have something in a field have the same.
  @inline(__always)
  private func isUniform(_ field: UInt8) -> Bool {
    field == ScreenProgram.Comparison.certificate || uniform >> field & 1 != 0
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
    case .same:
      guard having(test.field).contains(event) else { return Marks() }
      return Marks(sure: candidates & alike(test.field, event))
    case .different:
      return Marks(sure: differing(in: test.field, from: event, among: candidates))
    case .alike: return Marks(sure: candidates & alike(test.field, event))
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

  /// The records among some that have another value in a field than an event; none where the event has nothing there.
  @inline(__always)
  func differing(in field: UInt8, from event: Int, among candidates: Mask) -> Mask {
    let filled = having(field)
    guard !isUniform(field), filled.contains(event) else { return Mask() }
    return (candidates & filled).without(alike(field, event))
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
    if record.output == 0 {
      if record.request == 0 { hasNeither = true }
    } else if record.request != 0 {
      hasBoth = true
    }
    return CaseIdentities.join(&output, record.output)
      && CaseIdentities.join(&request, record.request)
      && CaseIdentities.join(&prompt, record.prompt)
      && CaseIdentities.join(&certificate, record.certificate)
  }

  @inline(__always)
  private static func join(_ known: inout UInt64, _ met: UInt64) -> Bool {
    if met == 0 || met == known { return true }
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
