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
  /// The selection of the proofs.
  private(set) var proofs: UInt64 = 0
  /// The bound of two producers' clocks, where it was set by hand.
  private var bound: Int64.Magnitude?
  /// All of the case's records.
  private(set) var all = Mask()
  /// By field that the program compares, and by record that has something in it: those that have the same.
  private var equals: [Mask] = []
  /// By field that is compared, and by record: what stands there.
  private var values: [UInt32] = []
  /// By field: the records that have something in it.
  private var filled = [Mask](repeating: Mask(), count: ScreenPlan.mostValues)

  /// Records that are certain to be meant, and those that may be.
  struct Marks {
    var sure = Mask()
    var open = Mask()

    @inline(__always) var any: Mask { sure | open }
  }

  init() {}

  /// Lays out a case; `selections` are those that anything will be asked of, and `fields` those that are compared.
  mutating func lay(
    _ case: CaseRecords, _ identities: CaseIdentities, present: UInt64, selections: UInt64,
    fields: UInt8, proofs: UInt64, lanes: [UInt16], bound: Int64.Magnitude?
  ) {
    records = `case`
    self.identities = identities
    self.present = present
    self.lanes = lanes
    self.bound = bound
    self.proofs = proofs
    certified = Mask()
    while held != 0 {
      members[held.trailingZeroBitCount] = Mask()
      held &= held &- 1
    }
    held = present & selections
    for index in records.indices {
      if records[index].certificate != 0 { certified.insert(index) }
      var rest = records[index].selections & selections
      while rest != 0 {
        members[rest.trailingZeroBitCount].insert(index)
        rest &= rest &- 1
      }
    }
    all = Mask(before: records.count)
    isOrderly = findOrder()
    if fields == 0 { return }
    if equals.isEmpty {
      equals = Array(repeating: Mask(), count: ScreenPlan.mostValues * Mask.capacity)
      values = Array(repeating: 0, count: ScreenPlan.mostValues * Mask.capacity)
    }
    CaseBoard.compare(records, fields, &values, &filled, &equals)
  }

  /// Finds which records have the same in these fields, a bit each.
  private static func compare(
    _ records: CaseRecords, _ fields: UInt8, _ values: inout [UInt32], _ filled: inout [Mask],
    _ equals: inout [Mask]
  ) {
    // Spans: a list would be asked for each value whether it is shared.
    var values = values.mutableSpan
    var filled = filled.mutableSpan
    var equals = equals.mutableSpan
    for field in filled.indices { filled[field] = Mask() }
    for index in records.indices {
      var rest = records[index].values.filled & fields
      while rest != 0 {
        let field = rest.trailingZeroBitCount
        rest &= rest &- 1
        values[field &* Mask.capacity &+ index] = records[index].values[field]
        filled[field].insert(index)
      }
    }
    for field in filled.indices where !filled[field].isEmpty {
      CaseBoard.compare(filled[field], from: field &* Mask.capacity, values.span, &equals)
    }
  }

  /// Likewise of one field, for the records that have something in it.
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

  /// The records that have something in a field.
  @inline(__always)
  func having(_ field: UInt8) -> Mask { filled[Int(field)] }

  /// The records that have the same in a field as an event has, or nothing as well.
  @inline(__always)
  func alike(_ field: UInt8, _ event: Int) -> Mask {
    // What has nothing there was not compared.
    filled[Int(field)].contains(event)
      ? equals[Int(field) * Mask.capacity + event] : all.without(filled[Int(field)])
  }

  /// Lets go of the records, which are somebody else's.
  mutating func clear() { records = CaseRecords() }

  private func findOrder() -> Bool {
    let missing = Timestamp.missing.nanoseconds
    if records[0].time == missing { return false }
    for index in 1..<max(1, records.count) {
      let (one, next) = (index - 1, index)
      if records[next].time == missing || records[next].time < records[one].time
        || records[next].serial <= records[one].serial
      {
        return false
      }
      let (source, other) = (records[one].source, records[next].source)
      if source != other && lanes[Int(source)] != lanes[Int(other)] { return false }
    }
    return true
  }

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
      if case .field(let field) = test.value {
        guard filled[Int(field)].contains(event) else { return Marks() }
        return Marks(sure: candidates & alike(field, event))
      }
      return marks(among: candidates) { isSame(test.value, $0, event, whereAbsent: .no) }
    case .different:
      if case .field(let field) = test.value {
        guard filled[Int(field)].contains(event) else { return Marks() }
        return Marks(sure: (candidates & filled[Int(field)]).without(alike(field, event)))
      }
      return marks(among: candidates) {
        isSame(test.value, $0, event, whereAbsent: .yes).negated
      }
    case .alike:
      if case .field(let field) = test.value {
        return Marks(sure: candidates & alike(field, event))
      }
      return marks(among: candidates) { isAlike(test.value, $0, event) }
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

  /// The records among some that have another value than an event, or may have.
  func differing(
    _ value: ScreenProgram.Value, from event: Int, among candidates: Mask
  ) -> Mask {
    if case .field(let field) = value {
      return differing(in: field, from: event, among: candidates)
    }
    return candidates.without(
      marks(among: candidates) { isSame(value, $0, event, whereAbsent: .yes) }.sure)
  }

  /// The records among some that have another value in a field than an event; none where the event has nothing there.
  @inline(__always)
  func differing(in field: UInt8, from event: Int, among candidates: Mask) -> Mask {
    guard filled[Int(field)].contains(event) else { return Mask() }
    return (candidates & filled[Int(field)]).without(alike(field, event))
  }

  @inline(__always)
  private func isSame(
    _ value: ScreenProgram.Value, _ left: Int, _ right: Int, whereAbsent absent: Certainty
  ) -> Certainty {
    switch value {
    case .none: return .maybe
    case .identity(let identity):
      switch identity {
      // All events of the case share them, or have none.
      case .output, .anything: return .yes
      case .request: return identities.request == 0 ? absent : .yes
      case .prompt: return identities.prompt == 0 ? absent : .yes
      case .certificate, .proof:
        let (first, second) = (records[left].certificate, records[right].certificate)
        return first == 0 || second == 0 ? absent : first == second ? .yes : .no
      }
    // Those are compared beforehand.
    case .field: return .maybe
    }
  }

  @inline(__always)
  private func isAlike(_ value: ScreenProgram.Value, _ left: Int, _ right: Int) -> Certainty {
    switch value {
    case .none: return .maybe
    case .identity(let identity):
      switch identity {
      case .output, .anything, .request, .prompt: return .yes
      case .certificate, .proof:
        return records[left].certificate == records[right].certificate ? .yes : .no
      }
    case .field: return .maybe
    }
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
