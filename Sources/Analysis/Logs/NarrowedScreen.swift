/// A screen's program for cases that have events of some selections and of no others: what asks for the others is
/// answered beforehand, and most of the program goes with it.
///
/// An answer that the program would give is given, and never another one.
struct ScreenNarrowing {
  private let whole: ScreenProgram
  private let present: UInt64
  private var narrowed: ScreenProgram

  /// The program for cases with these selections.
  static func program(_ whole: ScreenProgram, present: UInt64) -> ScreenProgram {
    var narrowing = ScreenNarrowing(whole: whole, present: present)
    for check in whole.checks where check.on & present != 0 { narrowing.add(check) }
    return narrowing.narrowed
  }

  private init(whole: ScreenProgram, present: UInt64) {
    self.whole = whole
    self.present = present
    narrowed = whole.withoutChecks
  }

  /// A condition's place in the new program, or what it comes to in all such cases.
  private enum Answer {
    case known(Certainty)
    case open(Int32)
  }

  private mutating func add(_ check: ScreenProgram.Check) {
    var given: [Int32] = []
    for part in check.given {
      switch answer(part) {
      case .known(.no): return
      // Only what certainly does not hold silences the check.
      case .known: break
      case .open(let place): given.append(place)
      }
    }
    var unless: [Int32] = []
    for part in check.unless {
      switch answer(part) {
      case .known(.yes): return
      case .known: break
      case .open(let place): unless.append(place)
      }
    }
    var requires: [Int32] = []
    for part in check.requires {
      switch answer(part) {
      case .known(.yes): break
      case .known: requires.append(narrowed.add(ScreenProgram.Condition(operation: .unknown)))
      case .open(let place): requires.append(place)
      }
    }
    if requires.isEmpty { return }
    narrowed.add(check, given: given, unless: unless, requires: requires)
  }

  private func has(_ reference: Int32) -> Bool {
    whole.references[Int(reference)].selection & present != 0
  }

  private mutating func answer(_ part: Int32) -> Answer {
    var condition = whole.conditions[Int(whole.parts[Int(part)])]
    switch condition.operation {
    case .unknown: return .known(.maybe)
    case .fact: break
    case .all, .any:
      let neutral: Certainty = condition.operation == .all ? .yes : .no
      var open: [Int32] = []
      var isDoubtful = false
      for part in condition.parts {
        switch answer(part) {
        case .known(neutral): break
        case .known(.maybe): isDoubtful = true
        case .known: return .known(neutral.negated)
        case .open(let place): open.append(place)
        }
      }
      if open.isEmpty { return .known(isDoubtful ? .maybe : neutral) }
      if isDoubtful { open.append(narrowed.add(ScreenProgram.Condition(operation: .unknown))) }
      if open.count == 1 { return .open(open[0]) }
      condition.parts = narrowed.list(open)
    case .not:
      switch answer(condition.parts.lowerBound) {
      case .known(let certainty): return .known(certainty.negated)
      case .open(let place): condition.parts = narrowed.list([place])
      }
    case .exists, .earlier, .later, .between:
      if !has(condition.reference) { return .known(.no) }
    case .absent: if !has(condition.reference) { return .known(.yes) }
    case .atMost:
      if !has(condition.reference) { return .known(condition.limit >= 0 ? .yes : .maybe) }
    case .distinct:
      if condition.limit < 1 { return .known(.maybe) }
      if !has(condition.reference) { return .known(.yes) }
    case .each: if !has(condition.reference) { return .known(.yes) }
    case .none:
      let open = condition.parts.map { whole.parts[Int($0)] }.filter { has($0) }
      if open.isEmpty { return .known(.yes) }
      condition.parts = narrowed.list(open)
    case .complete:
      for part in condition.parts where !has(whole.parts[Int(part)]) { return .known(.no) }
      condition.parts = narrowed.list(condition.parts.map { whole.parts[Int($0)] })
    }
    return .open(narrowed.add(condition))
  }
}

/// A program that is looked into without being copied.
final class NarrowedScreen: Sendable {
  let program: ScreenProgram
  /// The fields that it compares between records, by their place in a record.
  let fields: UInt8

  init(_ program: ScreenProgram) {
    self.program = program
    fields = program.comparedFields
  }

  /// The rules that may find something in the case that is laid out.
  func loudRules<Mask>(on board: CaseBoard<Mask>) -> LoudRules { board.loudRules(by: program) }
}

/// The programs for the kinds of cases that one thread has met.
struct NarrowedScreens: Sendable {
  private var programs: [NarrowedScreen] = []
  private var places: [UInt64: Int] = [:]
  private var last: (present: UInt64, place: Int) = (0, -1)

  /// Cases of more kinds than this are screened by the whole program.
  private static let most = 256

  mutating func program(_ whole: NarrowedScreen, present: UInt64) -> NarrowedScreen {
    if last.place >= 0 && last.present == present { return programs[last.place] }
    if let known = places[present] {
      last = (present, known)
      return programs[known]
    }
    if programs.count == NarrowedScreens.most { return whole }
    places[present] = programs.count
    last = (present, programs.count)
    programs.append(
      NarrowedScreen(ScreenNarrowing.program(whole.program, present: present)))
    return programs[last.place]
  }
}
