/// Why a proof does not hold, in the order in which a finding prefers to tell it: the most specific first.
enum Cause: Int, Sendable, CaseIterable, Comparable {
  case wrongOutput, gateBypassed, timeoutFallthrough, detachedVerification, partialGate,
    inconclusiveGate, stateGate, confidenceGate, completionGate, delayGate, derivedOutput, noGate

  static func < (left: Cause, right: Cause) -> Bool { left.rawValue < right.rawValue }

  /// A check of something that is not the proof; a look for the proof itself is none.
  var isWeakCheck: Bool {
    switch self {
    case .partialGate, .inconclusiveGate, .stateGate, .confidenceGate, .completionGate: true
    case .wrongOutput, .gateBypassed, .timeoutFallthrough, .detachedVerification, .delayGate,
      .derivedOutput, .noGate:
      false
    }
  }

  /// The name in rule documents and reports.
  var name: String {
    switch self {
    case .wrongOutput: "wrong-output"
    case .gateBypassed: "gate-bypassed"
    case .timeoutFallthrough: "timeout-fallthrough"
    case .detachedVerification: "detached-verification"
    case .partialGate: "partial-gate"
    case .inconclusiveGate: "inconclusive-gate"
    case .stateGate: "state-gate"
    case .confidenceGate: "confidence-gate"
    case .completionGate: "completion-gate"
    case .delayGate: "delay-gate"
    case .derivedOutput: "derived-output"
    case .noGate: "no-gate"
    }
  }

  /// How a message says it, after the consumption was named.
  var phrase: String {
    switch self {
    case .wrongOutput: "although the certificate that was checked belongs to another output"
    case .gateBypassed: "on a way on which failure handling goes round the gate"
    case .timeoutFallthrough: "even when the certificate was looked for and not found"
    case .detachedVerification:
      "while its verification runs beside it, in a branch it does not wait for"
    case .partialGate: "although only some of the claims were checked"
    case .inconclusiveGate: "although the check lets inconclusive or missing verdicts through"
    case .stateGate: "although only its status label was checked, not the certificate"
    case .confidenceGate: "although only a score was checked, not the certificate"
    case .completionGate: "although only the completion of the call was checked"
    case .delayGate: "after a delay that proves nothing"
    case .derivedOutput: "although the certificate covers the text before it was changed"
    case .noGate: "before anything has checked for a certificate"
    }
  }
}

/// The causes in the words of rules' pages.
package enum CauseWords {
  /// The names with their meanings, the most specific first.
  package static var all: [(name: String, meaning: String)] {
    Cause.allCases.map { ($0.name, $0.phrase) }
  }
}
