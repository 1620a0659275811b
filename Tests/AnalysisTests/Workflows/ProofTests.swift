import Testing

@testable import Analysis

@Suite struct ProofTests {
  private let gate = Proof.proven(at: 1)

  @Test func `where two ways meet, both must have proven`() {
    #expect(gate.merged(with: gate).isProven)
    #expect(!gate.merged(with: .unproven).isProven)
  }

  @Test func `where two branches are joined, one proof serves both`() {
    #expect(gate.joined(with: .unproven).isProven)
    #expect(Proof.unproven.joined(with: gate).isProven)
    #expect(!Proof.unproven.joined(with: .unproven).isProven)
  }

  @Test func `the most specific check on any way is told`() {
    let weak = Proof.unproven.noting(.completionGate, at: 2).noting(.stateGate, at: 3)
    #expect(weak.openWays.map(\.told?.cause) == [.stateGate])
    let both = weak.merged(with: .unproven)
    #expect(both.openWays.map(\.told?.cause) == [nil, .stateGate])
  }

  @Test func `a failed look for the certificate becomes a bypass when failure handling takes over`()
  {
    let failed = Proof.unproven.noting(.timeoutFallthrough, at: 4).enteringFailureHandling()
    #expect(failed.openWays.first?.told?.cause == .gateBypassed)
  }

  @Test func `positive verdicts prove only together with a count of claims`() {
    let verdicts = Proof.unproven.marking(.everyVerdictPositive, at: 5)
    #expect(verdicts.openWays.first?.told?.cause == .inconclusiveGate)
    #expect(verdicts.marking(.someClaim, at: 6).isProven)
    let counted = Proof.unproven.marking(.someClaim, at: 6)
    #expect(!counted.isProven)
    #expect(counted.marking(.everyVerdictPositive, at: 5).isProven)
  }

  @Test func `merging does not depend on order or repetition`() {
    let ways: [Proof] = [
      .unproven, .unproven.noting(.delayGate, at: 1), .unproven.noting(.stateGate, at: 2),
      .unproven.noting(.confidenceGate, at: 3).noting(.completionGate, at: 4),
    ]
    for first in ways {
      #expect(first.merged(with: first) == first)
      for second in ways {
        #expect(first.merged(with: second) == second.merged(with: first))
        for third in ways {
          #expect(
            first.merged(with: second).merged(with: third)
              == first.merged(with: second.merged(with: third)))
        }
      }
    }
  }

  @Test func `many different ways stay bounded`() {
    var proof = Proof.unproven
    for cause in Cause.allCases {
      for other in Cause.allCases {
        proof = proof.merged(with: .unproven.noting(cause, at: 1).noting(other, at: 2))
      }
    }
    #expect(proof.openWays.count <= 8)
    #expect(!proof.isProven)
  }
}
