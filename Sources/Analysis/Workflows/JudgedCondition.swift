/// A condition with what each of its tests says about the outputs at hand.
indirect enum JudgedCondition {
  case constant(Bool)
  case all([JudgedCondition])
  case any([JudgedCondition])
  case not(JudgedCondition)
  case every(JudgedCondition)
  case some(JudgedCondition)
  case test(JudgedTest)
  /// A test of a flag, by what was proven when it was written.
  case flag(JudgedFlag)
  /// The result is known; the test says something of the outputs all the same.
  case settled(Bool, JudgedTest?)
  case unknown

  /// How much of a list the verdict at hand speaks for.
  enum Coverage {
    /// The verdict stands alone: it is the whole.
    case whole
    /// Every element of the list, of which there may be none.
    case everyElement
    /// Some of the elements.
    case part
  }

  /// The proof of an output where the condition has this result; `nil` where it cannot have it.
  func apply(
    _ holds: Bool, to proof: Proof, of output: Int, coverage: Coverage = .whole
  ) -> Proof? {
    switch self {
    case .constant(let value):
      return value == holds ? proof : nil
    case .all(let parts):
      return holds
        ? parts.each(true, proof, output, coverage)
        : parts.either(false, proof, output, coverage)
    case .any(let parts):
      return holds
        ? parts.either(true, proof, output, coverage)
        : parts.each(false, proof, output, coverage)
    case .not(let inner):
      return inner.apply(!holds, to: proof, of: output, coverage: coverage)
    case .every(let inner):
      return inner.apply(
        holds, to: proof, of: output, coverage: holds ? .everyElement : .part)
    case .some(let inner):
      return inner.apply(
        holds, to: proof, of: output, coverage: holds ? .part : .everyElement)
    case .test(let test):
      return test.apply(holds, to: proof, of: output, coverage: coverage)
    case .flag(let flag):
      let known = flag.apply(holds, to: proof, of: output)
      return flag.content?.apply(holds, to: known, of: output, coverage: coverage) ?? known
    case .settled(let result, let test):
      if result != holds { return nil }
      return test?.apply(holds, to: proof, of: output, coverage: coverage) ?? proof
    case .unknown:
      return proof
    }
  }

  /// The proofs of all outputs where the condition has this result; `nil` where it cannot have it.
  func apply(_ holds: Bool, to proofs: [Int: Proof]) -> [Int: Proof]? {
    var result = proofs
    for (output, proof) in proofs {
      guard let next = apply(holds, to: proof, of: output) else { return nil }
      if next != proof { result[output] = next }
    }
    return result
  }

  /// The outputs that some test says something about; `nil` where a flag may speak of any.
  var outputs: Set<Int>? {
    switch self {
    case .constant, .settled, .unknown: []
    case .not(let inner), .every(let inner), .some(let inner): inner.outputs
    case .test(let test): Set(test.whenTrue.keys).union(test.whenFalse.keys)
    case .flag: nil
    case .all(let parts), .any(let parts):
      parts.reduce([]) { outputs, part in
        outputs.flatMap { known in part.outputs.map(known.union) }
      }
    }
  }
}

extension [JudgedCondition] {
  /// All of them have this result.
  fileprivate func each(
    _ holds: Bool, _ proof: Proof, _ output: Int, _ coverage: JudgedCondition.Coverage
  ) -> Proof? {
    var result = proof
    for part in self {
      guard let next = part.apply(holds, to: result, of: output, coverage: coverage) else {
        return nil
      }
      result = next
    }
    return result
  }

  /// At least one of them has this result: each is a way of its own.
  fileprivate func either(
    _ holds: Bool, _ proof: Proof, _ output: Int, _ coverage: JudgedCondition.Coverage
  ) -> Proof? {
    var result: Proof?
    for part in self {
      guard let way = part.apply(holds, to: proof, of: output, coverage: coverage) else {
        continue
      }
      result = result.map { $0.merged(with: way) } ?? way
    }
    return result
  }
}

/// What one test says about the outputs it looks at.
struct JudgedTest {
  /// Where the test stands, for the path of a finding.
  var site: Int
  var whenTrue: [Int: Effect] = [:]
  var whenFalse: [Int: Effect] = [:]
  /// Holds for every output: an outcome of earlier work was checked.
  var completesWhenTrue = false
  var completesWhenFalse = false
  /// The outputs that the work had to do with; `nil` for all of them.
  var completed: Set<Int>?
  /// The test proves something else when it has this result.
  var provesOther: Bool?

  /// The same where something else stands in the place of what the test asks for.
  var withoutProof: JudgedTest {
    func weakened(_ effects: [Int: Effect]) -> [Int: Effect] {
      effects.mapValues { $0 == .proves || $0 == .provesPiece ? .notes(.timeoutFallthrough) : $0 }
    }
    var test = self
    test.whenTrue = weakened(whenTrue)
    test.whenFalse = weakened(whenFalse)
    return test
  }

  /// Whether some result of the test proves an output, or a piece of it.
  var proves: Bool {
    (whenTrue.values + Array(whenFalse.values)).contains { $0 == .proves || $0 == .provesPiece }
  }

  enum Effect: Equatable {
    case proves
    /// Proves one of the pieces that the output consists of.
    case provesPiece
    case notes(Cause)
    /// The verdict excludes every negative one, and perhaps the inconclusive ones.
    case verdict(excludesInconclusive: Bool)
    /// There is at least one claim.
    case someClaim
    /// A list of verdicts is not empty, or a verdict is not negative: nobody can tell which was asked.
    case someVerdict
    /// Looks like a certificate, but nothing ties it to the output.
    case unclear
  }

  func apply(
    _ holds: Bool, to proof: Proof, of output: Int, coverage: JudgedCondition.Coverage
  ) -> Proof {
    var result = proof
    if let effect = (holds ? whenTrue : whenFalse)[output] {
      result = effect.apply(to: result, site: site, coverage: coverage)
    } else if (holds ? whenFalse : whenTrue)[output]?.isWeak == true {
      result = result.declining(at: site)
    } else if provesOther == holds {
      result = result.noting(.wrongOutput, at: site)
    }
    if completed?.contains(output) == false { return result }
    if holds ? completesWhenTrue : completesWhenFalse {
      result = result.noting(.completionGate, at: site)
    } else if holds ? completesWhenFalse : completesWhenTrue {
      result = result.declining(at: site)
    }
    return result
  }
}

extension JudgedTest.Effect {
  /// Says something short of a proof.
  fileprivate var isWeak: Bool {
    switch self {
    case .notes(let cause): cause.isWeakCheck
    case .verdict, .someVerdict, .provesPiece: true
    case .proves, .someClaim, .unclear: false
    }
  }

  func apply(to proof: Proof, site: Int, coverage: JudgedCondition.Coverage) -> Proof {
    switch self {
    case .proves: return .proven(at: site)
    case .provesPiece:
      return coverage == .everyElement ? .proven(at: site) : proof.noting(.partialGate, at: site)
    case .notes(let cause): return proof.noting(cause, at: site)
    case .someClaim: return proof.marking(.someClaim, at: site)
    case .someVerdict:
      return proof.noting(.inconclusiveGate, at: site).marking(.someClaim, at: site)
    case .unclear: return proof.marking(.unclearGate, at: site)
    case .verdict(let excludesInconclusive):
      switch coverage {
      // Whoever has found one has found that there are any.
      case .part: return proof.noting(.partialGate, at: site).marking(.someClaim, at: site)
      case .whole where excludesInconclusive: return .proven(at: site)
      case .everyElement where excludesInconclusive:
        return proof.marking(.everyVerdictPositive, at: site)
      case .whole, .everyElement: return proof.noting(.inconclusiveGate, at: site)
      }
    }
  }
}
