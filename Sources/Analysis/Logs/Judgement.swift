import EventLogs
import Findings
import Rules

/// What a rule says of one event, before it is put into words.
struct Judgement {
  /// Index into the plan's rules.
  var rule: Int
  var verdict: Evidence.Verdict
  var outcome: EventRequirement.Outcome
  /// Holds only if the log does not hide the beginning: the output's generation is not in it.
  var dependsOnHead = false
  /// The use came before its proof.
  var isEarly = false
  /// It rests on what did not come before, and the output's generation is not there to begin with.
  var isUnfounded = false
  var event: CaseEvent
  /// What shows it, such as the certificate that came too late.
  var witnesses: [CaseEvent] = []
  var generation: CaseEvent?
  var gap: Int64?
  /// How long after the event something came that was to come within a time.
  var delay: Int64?
  var figures: [String: String] = [:]

  /// One finding for each rule, sink and output; or for each rule and output, without name and sink.
  struct Key: Hashable {
    /// The first of the plan's rules that has its name.
    var rule: Int
    var name: UInt16
    var sink: TextKey
    var output: UInt32
  }
}
