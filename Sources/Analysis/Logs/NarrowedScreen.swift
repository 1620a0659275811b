import Rules

/// What cases have in common that are asked the same: of which selections they have events, and which identities they
/// name.
struct CaseKind: Hashable, Sendable {
  /// The bits of all selections that it has.
  var present: UInt64
  var hasRequest: Bool
  var hasPrompt: Bool
  var hasCertificate: Bool
  var hasProofs: Bool

  /// Among which events a reference finds those that it means.
  enum Scope: UInt8, Sendable {
    case everyone
    /// Those that name the certificate, beside an event that does; beside others nobody.
    case certified
    /// Those that name the certificate, beside any event.
    case proofs
    /// Beside an event that names the certificate those that do, beside others everyone.
    case alike
  }

  /// `nil` where it finds nobody.
  func scope(of identity: EventIdentity) -> Scope? {
    switch identity {
    // Without a hash an output goes by its request.
    case .output, .anything: .everyone
    case .prompt: hasPrompt ? .everyone : nil
    case .request: hasRequest ? .everyone : nil
    case .certificate: hasCertificate ? .certified : nil
    // The output's proofs all name its certificate, if any does.
    case .proof: !hasCertificate ? .everyone : hasProofs ? .proofs : .alike
    }
  }
}

/// A screen's questions for cases of one kind: what asks for events that they do not have, or for identities that all
/// events of a case share, is answered beforehand, and most of the questions go with it.
struct ScreenNarrowing {
  private let kind: CaseKind

  private typealias Condition = ScreenPlan.Condition
  private typealias Reference = ScreenPlan.Reference
  private typealias Test = ScreenPlan.Test

  /// The program for cases of a kind.
  static func program(_ plan: ScreenPlan, for kind: CaseKind) -> ScreenProgram {
    let narrowing = ScreenNarrowing(kind: kind)
    var checks: [(Int, ScreenPlan.Check)] = []
    for (rule, check) in plan.checks.enumerated() where check.on & kind.present != 0 {
      guard let questions = narrowing.narrowed(check.questions) else { continue }
      checks.append((rule, ScreenPlan.Check(on: check.on, questions: questions)))
    }
    return ScreenProgram(checks, of: kind)
  }

  /// `nil` where the check is silent.
  private func narrowed(_ questions: ScreenPlan.Questions) -> ScreenPlan.Questions? {
    var open = ScreenPlan.Questions()
    for part in questions.given {
      switch narrowed(part) {
      case .known(.no): return nil
      // Only what certainly does not hold silences the check.
      case .known: break
      case let part: open.given.append(part)
      }
    }
    for part in questions.unless {
      switch narrowed(part) {
      case .known(.yes): return nil
      case .known: break
      case let part: open.unless.append(part)
      }
    }
    for part in questions.requires {
      let part = narrowed(part)
      if part == .known(.yes) { continue }
      // What fails and what is not known are one to a screen, and facts are asked together.
      if case .fact(let bit) = part, case .fact(let others)? = open.requires.last {
        open.requires[open.requires.count - 1] = .fact(others | bit)
      } else {
        open.requires.append(part == .known(.no) ? .unknown : part)
      }
    }
    return open.requires.isEmpty ? nil : open
  }

  // MARK: - Conditions

  private func narrowed(_ condition: Condition) -> Condition {
    switch condition {
    case .known, .fact: return condition
    case .all(let parts): return all(parts.map { narrowed($0) })
    case .any(let parts): return any(parts.map { narrowed($0) })
    case .not(let part):
      let part = narrowed(part)
      if case .known(let certainty) = part { return .known(certainty.negated) }
      return .not(part)
    case .exists(let reference): return exists(reference) { .exists($0) }
    case .earlier(let reference): return exists(reference) { .earlier($0) }
    case .later(let reference, let limit):
      return exists(reference) { .later($0, nanoseconds: limit) }
    case .absent(let reference): return absent(narrowed(reference))
    case .between(let reference, let after, let before):
      if reference.selection & kind.present == 0 { return .known(.no) }
      return .between(
        narrowed(reference), after: after.map { narrowed($0) }, before: before.map { narrowed($0) })
    case .atMost(let reference, let most):
      if reference.selection & kind.present == 0 { return .known(most >= 0 ? .yes : .maybe) }
      return .atMost(narrowed(reference), most)
    case .distinct(let reference, let value, let most):
      if most < 1 { return .unknown }
      // A case that is screened has at most one of each identity.
      guard case .field = value, !isNobody(narrowed(reference)) else { return .known(.yes) }
      return .distinct(narrowed(reference), value, atMost: most)
    case .each(let of, let has, let by, let count):
      if of.selection & kind.present == 0 { return .known(.yes) }
      return .each(of: narrowed(of), has: narrowed(has), by: by, count: count)
    case .none(let references):
      let open = references.map { narrowed($0) }.filter { !isNobody($0) }
      return open.isEmpty ? .known(.yes) : .none(open)
    case .complete(let references):
      let all = references.map { narrowed($0) }
      return all.contains { isNobody($0) } ? .known(.no) : .complete(all)
    }
  }

  private func all(_ parts: [Condition]) -> Condition {
    if parts.contains(.known(.no)) { return .known(.no) }
    var open: [Condition] = []
    var facts: UInt64 = 0
    for part in parts where part != .known(.yes) {
      if case .fact(let bit) = part { facts |= bit } else { open.append(part) }
    }
    if facts != 0 { open.insert(.fact(facts), at: 0) }
    if open.allSatisfy({ $0 == .unknown }) { return open.isEmpty ? .known(.yes) : .unknown }
    return open.count == 1 ? open[0] : .all(open)
  }

  private func any(_ parts: [Condition]) -> Condition {
    if parts.contains(.known(.yes)) { return .known(.yes) }
    let open = parts.filter { $0 != .known(.no) }
    if open.allSatisfy({ $0 == .unknown }) { return open.isEmpty ? .known(.no) : .unknown }
    return open.count == 1 ? open[0] : .any(open)
  }

  /// A condition that holds where any of a reference's events makes it hold.
  private func exists(_ reference: Reference, _ made: (Reference) -> Condition) -> Condition {
    let reference = narrowed(reference)
    if isNobody(reference) { return .known(.no) }
    guard case .any(let tests)? = reference.test else { return made(reference) }
    // One after the other, each is plain.
    return any(tests.map { exists(reference.passing($0), made) })
  }

  /// Likewise one that holds where none of them makes it fail.
  private func absent(_ reference: Reference) -> Condition {
    if isNobody(reference) { return .known(.yes) }
    guard case .any(let tests)? = reference.test else { return .absent(reference) }
    return all(tests.map { absent(narrowed(reference.passing($0))) })
  }

  // MARK: - References

  private func isNobody(_ reference: Reference) -> Bool {
    reference.selection & kind.present == 0 || reference.test == .known(.no)
  }

  private func narrowed(_ reference: Reference) -> Reference {
    var narrow = reference
    switch reference.test.map({ narrowed($0) }) ?? .known(.yes) {
    case .known(.yes): narrow.test = nil
    case .known(.maybe):
      narrow.test = nil
      narrow.isNarrowed = true
    case let test: narrow.test = test
    }
    if kind.scope(of: reference.by) == nil { narrow.test = .known(.no) }
    return narrow
  }

  private func narrowed(_ test: Test) -> Test {
    switch test {
    case .known, .fact: return test
    case .all(let parts):
      let parts = parts.map { narrowed($0) }
      if parts.contains(.known(.no)) { return .known(.no) }
      let open = parts.filter { $0 != .known(.yes) }
      return open.isEmpty ? .known(.yes) : open.count == 1 ? open[0] : .all(open)
    case .any(let parts):
      let parts = parts.map { narrowed($0) }
      if parts.contains(.known(.yes)) { return .known(.yes) }
      let open = parts.filter { $0 != .known(.no) }
      return open.isEmpty ? .known(.no) : open.count == 1 ? open[0] : .any(open)
    case .not(let part):
      let part = narrowed(part)
      if case .known(let certainty) = part { return .known(certainty.negated) }
      return .not(part)
    case .same(.identity(let identity)):
      switch identity {
      // All events of the case share them, or have none.
      case .output, .anything: return .known(.yes)
      case .request: return .known(kind.hasRequest ? .yes : .no)
      case .prompt: return .known(kind.hasPrompt ? .yes : .no)
      case .certificate, .proof: return kind.hasCertificate ? test : .known(.no)
      }
    // There is no second one.
    case .different(.identity): return .known(.no)
    case .alike(.identity(let identity)):
      switch identity {
      case .output, .anything, .request, .prompt: return .known(.yes)
      case .certificate, .proof: return kind.hasCertificate ? test : .known(.yes)
      }
    case .same, .different, .alike: return test
    }
  }
}

extension ScreenPlan.Reference {
  fileprivate func passing(_ test: ScreenPlan.Test) -> ScreenPlan.Reference {
    var reference = self
    reference.test = test
    return reference
  }
}

/// A program that is looked into without being copied.
final class NarrowedScreen: Sendable {
  let program: ScreenProgram

  init(_ program: ScreenProgram) { self.program = program }

  /// The rules that may find something in the case that is laid out.
  func loudRules<Mask>(on board: CaseBoard<Mask>) -> LoudRules { board.loudRules(by: program) }
}

/// The programs for the kinds of cases that one thread has met.
struct NarrowedScreens: Sendable {
  private var programs: [NarrowedScreen] = []
  private var places: [CaseKind: Int] = [:]
  /// Where the latest kinds stand, by a few bits of what they have.
  private var recent = [(kind: CaseKind, place: Int)?](repeating: nil, count: 1 << recentBits)

  private static let recentBits: UInt64 = 4
  /// After so many kinds the first ones are forgotten.
  private static let most = 256

  mutating func program(_ plan: ScreenPlan, for kind: CaseKind) -> NarrowedScreen {
    let mixed = kind.present &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: mixed >> (64 - NarrowedScreens.recentBits))
    if let known = recent[slot], known.kind == kind { return programs[known.place] }
    if let known = places[kind] {
      recent[slot] = (kind, known)
      return programs[known]
    }
    if programs.count == NarrowedScreens.most { self = NarrowedScreens() }
    places[kind] = programs.count
    recent[slot] = (kind, programs.count)
    programs.append(NarrowedScreen(ScreenNarrowing.program(plan, for: kind)))
    return programs[programs.count - 1]
  }
}
