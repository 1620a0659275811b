import Expressions
import Rules
import Workflows

/// Says what each result of a condition means for the outputs that its tests look at.
///
/// A test is tried on what an unproven output would show: the edge on which it cannot be taken then proves.
struct ConditionJudge {
  let evaluator: ValueEvaluator
  let outputs: [Output]
  let readers: [FacetReader]
  /// `nil` where no flag was written yet.
  let flags: FlagReader?
  /// The number of a place, for the path of a finding.
  let site: (SourceLocation) -> Int
  /// Inside a quantifier, a path through all elements means the one that is looked at.
  private var isQuantified = false

  init(
    evaluator: ValueEvaluator, outputs: [Output], readers: [FacetReader], flags: FlagReader?,
    site: @escaping (SourceLocation) -> Int
  ) {
    self.evaluator = evaluator
    self.outputs = outputs
    self.readers = readers
    self.flags = flags
    self.site = site
  }

  private var quantified: ConditionJudge {
    var judge = self
    judge.isQuantified = true
    return judge
  }

  func judge(_ condition: Condition) -> JudgedCondition {
    switch condition {
    case .constant(let value): .constant(value)
    case .all(let parts): .all(parts.map(judge))
    case .any(let parts): .any(parts.map(judge))
    case .not(let inner): .not(judge(inner))
    case .every(_, let inner): .every(quantified.judge(inner))
    case .some(_, let inner): .some(quantified.judge(inner))
    case .test(let test): test.unfolded.map(judge) ?? flag(test) ?? .test(judge(test))
    case .outcome(let outcome, let routes, let written):
      judge(outcome, of: routes, isWritten: written)
    case .unknown: .unknown
    }
  }

  private func judge(
    _ outcome: Condition.Outcome, of routes: [String], isWritten: Bool
  ) -> JudgedCondition {
    guard isWritten else { return .unknown }
    let completes = completion(outcome)
    // Where the reader notes how the step ended, who finds it so came that way.
    guard routes.count == 1, let flags else { return completes }
    let noted = Reference(.outcome(of: routes[0]), at: .nowhere)
    guard let partition = flags.partition(of: .reference(noted)) else { return completes }
    let test = Test(
      .reference(noted), .equal, [.literal(outcome.noted)], semantics: .strict, at: .nowhere)
    var flag = JudgedFlag(
      test, of: partition, at: FlagPlace(variable: noted.variable, path: []))
    flag.isComplete = true
    if case .test(let judged) = completes { flag.content = judged }
    return .flag(flag)
  }

  private func completion(_ outcome: Condition.Outcome) -> JudgedCondition {
    // The location of an outcome is its decision's; the caller has put it into the first site.
    var judged = JudgedTest(site: -1)
    switch outcome {
    case .succeeded: judged.completesWhenTrue = true
    case .failed, .cancelled, .skipped: judged.completesWhenFalse = true
    case .always: return .unknown
    }
    return .test(judged)
  }

  /// A test of a value that says by which way it was written.
  private func flag(_ test: Test) -> JudgedCondition? {
    guard let flags, let partition = flags.partition(of: test.subject) else { return nil }
    var place: FlagPlace?
    if case .reference(let reference) = test.subject {
      place = FlagPlace(variable: reference.variable, path: reference.path)
    }
    let flag = JudgedFlag(test, of: partition, at: place)
    let traces = evaluator.evaluate(test.subject).allTraces
    if traces.isEmpty { return .flag(flag) }
    // `text=$(jq 'select(.cert_hash) | .output')`: that the text is there tells which way was taken. So does a
    // certificate that was written on one way only, `none` on the other.
    let facets = traces.map { readers[outputs[$0.output].protocolIndex].facet(of: $0) }
    var both = flag
    if facets.allSatisfy({ $0 == .certificate }) {
      both.placeholders = placeholders(in: test, at: flags)
    }
    guard
      flag.isTelling && test.isPresence && facets.allSatisfy({ $0 == nil || $0 == .content })
        || flag.isTelling && traces.allSatisfy(\.isProven)
          && facets.allSatisfy({ $0 == .certificate })
        || both.placeholders != nil
    else { return nil }
    both.content = judge(test)
    return .flag(both)
  }

  /// Where the tested certificate stands, if on some way a word was written there and it proves nothing.
  private func placeholders(in test: Test, at flags: FlagReader) -> FlagPlace? {
    guard let place = FlagPlace(test.subject), let partition = flags.state.flags[place],
      partition[.unknown] != nil
    else { return nil }
    let isOpen = partition.contains { value, proofs in
      value.isWord && proofs.contains { !$1.isProven }
    }
    return isOpen ? place : nil
  }

  /// `needed <= reached` as `reached >= needed`, where what is reached is a measure of the proof.
  private func turned(_ test: Test) -> Test {
    let comparison: Test.Comparison
    switch test.comparison {
    case .less: comparison = .greater
    case .lessOrEqual: comparison = .greaterOrEqual
    case .greater: comparison = .less
    case .greaterOrEqual: comparison = .lessOrEqual
    default: return test
    }
    guard test.operands.count == 1, Probe(test.operands[0]) == nil else { return test }
    let traces = evaluator.evaluate(test.operands[0]).allTraces
    guard let first = traces.first, !early([first]).isEmpty,
      traces.allSatisfy({
        readers[outputs[$0.output].protocolIndex].facet(of: $0) == .certificate
      })
    else { return test }
    return Test(
      test.operands[0], comparison, [test.subject], semantics: test.semantics, at: test.location)
  }

  private func judge(_ written: Test) -> JudgedTest {
    let test = turned(written)
    var judged = JudgedTest(site: site(test.location))
    let (subject, isWrittenLength) = test.subject.withoutLength
    var traces = evaluator.evaluate(subject).allTraces
    if traces.isEmpty { return unclear(test, judged) }
    // A count that was kept in a variable first is the same test.
    let isLength = isWrittenLength || traces.allSatisfy(\.isCount)
    if isLength { for index in traces.indices { traces[index].isCount = false } }
    let mentioned = Set(traces.map(\.output))
    for output in mentioned {
      let own = traces.filter { $0.output == output }
      let effects = self.effects(
        of: test, on: own, isLength: isLength, isAlone: mentioned.count == 1)
      judged.whenTrue[output] = effects.whenTrue
      judged.whenFalse[output] = effects.whenFalse
    }
    if judged.whenTrue.values.contains(.proves) { judged.provesOther = true }
    if judged.whenFalse.values.contains(.proves) { judged.provesOther = false }
    return judged
  }

  private typealias Effects = (whenTrue: JudgedTest.Effect?, whenFalse: JudgedTest.Effect?)

  private func effects(
    of test: Test, on traces: [Trace], isLength: Bool, isAlone: Bool
  ) -> Effects {
    let reader = readers[outputs[traces[0].output].protocolIndex]
    let facets = Set(traces.map(reader.facet))
    guard facets.count == 1, let facet = facets.first else { return (nil, nil) }
    switch facet {
    case .certificate:
      guard isAlone else { return (nil, nil) }
      let effects = certificate(test, traces, isLength)
      return traces.contains { reader.piece(in: $0) != nil } ? ofPiece(effects) : effects
    case .state:
      let label = excluding(reader.probes(for: .state), test, as: .notes(.stateGate))
      return label.whenTrue == nil && label.whenFalse == nil ? filled(test, isLength) : label
    case .confidence:
      return excluding(reader.probes(for: .confidence), test, as: .notes(.confidenceGate))
    case .completion:
      if !isLength, traces.allSatisfy(\.isOfWait), let effects = status(test, traces) {
        return effects
      }
      return excluding(reader.probes(for: .completion), test, as: .notes(.completionGate))
    case .verdict:
      if isLength { return counting(test) }
      if reader.protocolDocument.proof == .verdicts {
        // `if not results`: a list that is not empty, or a verdict that is not negative.
        if test.comparison == .isTrue, test.semantics == .python, !isQuantified {
          return (.someVerdict, nil)
        }
        return verdict(reader.probes(for: .verdict), test, traces)
      }
      return excluding(reader.probes(for: .verdict), test, as: .notes(.stateGate))
    case .content, nil:
      if reader.protocolDocument.proof == .verdicts {
        let count = counting(test, needsNumber: !isLength)
        if count.whenTrue != nil || count.whenFalse != nil { return count }
      }
      return filled(test, isLength)
    case .identity, .version, .digest:
      return (nil, nil)
    }
  }

  private func ofPiece(_ effects: Effects) -> Effects {
    func piece(_ effect: JudgedTest.Effect?) -> JudgedTest.Effect? {
      effect == .proves ? .provesPiece : effect
    }
    return (piece(effects.whenTrue), piece(effects.whenFalse))
  }

  /// A certificate test proves on the edge that no form of an absent certificate can take.
  private func certificate(_ test: Test, _ traces: [Trace], _ isLength: Bool) -> Effects {
    let absence = traces.reduce(Absence.never) { $0.union($1.absence) }
    if absence.isEmpty { return (.proves, nil) }
    // How far a chain has come, held against how far it must: what it is compared with is known at run time only.
    if test.operands.count == 1, test.operands.first.flatMap(Probe.init) == nil,
      !early(traces).isEmpty
    {
      switch test.comparison {
      case .greater, .greaterOrEqual: return (.proves, .notes(.timeoutFallthrough))
      case .less, .lessOrEqual: return (.notes(.timeoutFallthrough), .proves)
      default: break
      }
    }
    var absent = absence.probes(asLength: isLength).map { test.outcome(for: $0) }
    if !isLength { absent += early(traces).compactMap { test.outcome(for: $0) } }
    let present = test.outcome(for: isLength ? .number(64) : .text(Self.sampleCertificate))
    if absent.allSatisfy({ $0 == false }) {
      // It asks for an absent certificate in a form that this one never has: `-z` of the text `null`.
      return present == false
        && (test.holdsForSomeAbsence(asLength: isLength) || test.asksForWord)
        ? (nil, .notes(.completionGate)) : (.proves, .notes(.timeoutFallthrough))
    }
    if absent.allSatisfy({ $0 == true }) {
      // A test that cannot fail says no more than that the call came back.
      return present == true
        ? (.notes(.completionGate), nil) : (.notes(.timeoutFallthrough), .proves)
    }
    switch present {
    case true?: return (.notes(.completionGate), nil)
    case false?: return (nil, .notes(.completionGate))
    case nil: return (nil, nil)
    }
  }

  /// The status of a call that succeeds only once the certificate exists: whatever lets no error pass proves it.
  private func status(_ test: Test, _ traces: [Trace]) -> Effects? {
    let isWhether = traces.allSatisfy { $0.path.last == .field(Call.HTTPRequest.success) }
    let errors: [Probe] = isWhether ? [.bool(false)] : [.number(404), .number(500)]
    let success: Probe = isWhether ? .bool(true) : .number(200)
    for holds in [true, false] where test.outcome(for: success) == holds {
      guard errors.allSatisfy({ test.outcome(for: $0) == !holds }) else { continue }
      return holds
        ? (.proves, .notes(.timeoutFallthrough)) : (.notes(.timeoutFallthrough), .proves)
    }
    return nil
  }

  /// What the protocol calls no proof although it is there: a count that is too low, a flag that says no.
  private func early(_ traces: [Trace]) -> [Probe] {
    let probes = readers[outputs[traces[0].output].protocolIndex].probes(for: .certificate)
    return probes.negative.filter { $0 != .null && $0 != .text("") }
  }

  private static let sampleCertificate =
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

  /// Either result that excludes some of the negative values, and not the positive ones, is a check of that facet.
  private func excluding(
    _ probes: FacetReader.Probes, _ test: Test, as effect: JudgedTest.Effect
  ) -> Effects {
    // That a label is there at all says nothing about what it says.
    let labels = probes.negative.filter { $0 != .null && $0 != .text("") }
    let negative = (labels.isEmpty ? probes.negative : labels).compactMap { test.outcome(for: $0) }
    let positive = probes.positive.compactMap { test.outcome(for: $0) }
    func excludes(_ holds: Bool) -> Bool {
      negative.contains(!holds) && (positive.isEmpty || positive.contains(holds))
    }
    return (excludes(true) ? effect : nil, excludes(false) ? effect : nil)
  }

  private func verdict(
    _ probes: FacetReader.Probes, _ test: Test, _ traces: [Trace]
  ) -> Effects {
    func effect(_ holds: Bool) -> JudgedTest.Effect? {
      let negative = probes.negative.map { (probe: $0, outcome: test.outcome(for: $0)) }
      let excluded = negative.filter { $0.outcome == !holds }.map(\.probe)
      // Asking whether there is a verdict at all is not asking what it is.
      if excluded.allSatisfy({ $0 == .null || $0 == .text("") }) { return nil }
      // One element, or the whole list compared at once, speaks for a part only.
      let isPart = traces.contains { trace in
        // The list of the verdicts: one in front of it holds the answers, such as the events of a stream.
        trace.path.lazy.reversed().compactMap { component -> Bool? in
          switch component {
          case .index, .some: true
          case .every: !isQuantified
          case .element: false
          case .field: nil
          }
        }.first ?? false
      }
      if isPart { return .notes(.partialGate) }
      return .verdict(
        excludesInconclusive: excluded.count == negative.count
          && probes.inconclusive.allSatisfy { test.outcome(for: $0) == !holds })
    }
    return (effect(true), effect(false))
  }

  private func counting(_ test: Test, needsNumber: Bool = false) -> Effects {
    if needsNumber {
      guard let operand = test.operands.first.flatMap(Probe.init), operand.asNumber != nil,
        test.comparison != .isTrue
      else { return (nil, nil) }
    }
    guard let none = test.outcome(for: .number(0)), let one = test.outcome(for: .number(1)) else {
      return (nil, nil)
    }
    if none == one { return (nil, nil) }
    return one ? (.someClaim, nil) : (nil, .someClaim)
  }

  /// A non-empty body is completion.
  private func filled(_ test: Test, _ isLength: Bool) -> Effects {
    let empty: [Probe] = isLength ? [.number(0)] : [.null, .text("")]
    let full: Probe = isLength ? .number(100) : .text("some text")
    guard let whenFull = test.outcome(for: full) else { return (nil, nil) }
    guard empty.contains(where: { test.outcome(for: $0) == !whenFull }) else { return (nil, nil) }
    switch test.comparison {
    case .isTrue, .isPresent, .isNull, .isEmpty: break
    default:
      guard let operand = test.operands.first.flatMap(Probe.init),
        operand == .null || operand == .text("") || (isLength && operand.asNumber != nil)
      else { return (nil, nil) }
    }
    return whenFull ? (.notes(.completionGate), nil) : (nil, .notes(.completionGate))
  }

  /// A test of something that is named like a certificate but comes from elsewhere.
  private func unclear(_ test: Test, _ judged: JudgedTest) -> JudgedTest {
    var judged = judged
    let references = test.subject.references
    for (index, output) in outputs.enumerated() {
      let reader = readers[output.protocolIndex]
      guard references.contains(where: { reader.facet(named: $0.nameAndPath) == .certificate })
      else {
        continue
      }
      let absent = test.outcome(for: .null)
      if absent == false { judged.whenTrue[index] = .unclear }
      if absent == true { judged.whenFalse[index] = .unclear }
    }
    return judged
  }
}

extension Test {
  /// Whether it is a test for absence in some language's form of it.
  fileprivate func holdsForSomeAbsence(asLength: Bool) -> Bool {
    let forms = Absence.null.union(Absence("")).union(Absence("null"))
    return forms.probes(asLength: asLength).contains { outcome(for: $0) == true }
  }

  /// Whether it is compared with a word such as `none`, which is no certificate's name.
  fileprivate var asksForWord: Bool {
    guard comparison == .equal, !operands.isEmpty else { return false }
    return operands.allSatisfy { operand in
      guard case .text(let text)? = Probe(operand) else { return false }
      return !text.isEmpty && text.utf8.count <= 12
        && text.utf8.allSatisfy { (0x61...0x7a).contains($0 | 0x20) }
    }
  }
}

extension Value {
  /// The value below a length, and whether there was one.
  var withoutLength: (Value, Bool) {
    switch self {
    case .length(let inner): (inner, true)
    case .text(let inner, _):
      if case .length(let value) = inner { (value, true) } else { (self, false) }
    // `text?.length ?? 0`: what is not there has no length either way.
    case .fallback(.length(let inner), let other) where Probe(other)?.asText == "0": (inner, true)
    default: (self, false)
    }
  }
}

extension Reference {
  /// The variable's last name with the path: `inputs.cert` and a variable called `CERT` are both named `cert`.
  var nameAndPath: [PathComponent] {
    if !path.isEmpty { return path }
    let name = variable.name.split { "/:.".contains($0) }.last.map(String.init) ?? variable.name
    return [.field(name)]
  }
}
