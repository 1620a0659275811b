import EventLogs

/// Which request, prompt, output and certificate of a case belong together.
///
/// Small cases are the rule: pairs in lists, looked through, until there are many.
struct IdentityLinks {
  private var requestOfOutput: [UInt32: UInt32] = [:]
  private var outputsOfRequest: [UInt32: [UInt32]] = [:]
  private var promptOfRequest: [UInt32: UInt32] = [:]
  private var promptOfOutput: [UInt32: UInt32] = [:]
  private var requestsOfPrompt: [UInt32: [UInt32]] = [:]
  private var outputOfCertificate: [UInt32: UInt32] = [:]
  private static let none = Event.nobody

  /// Takes what an event says by itself; what was said first stays.
  mutating func note(_ event: CaseEvent, isUse: Bool) {
    let none = IdentityLinks.none
    if event.output != none, event.request != none, requestOfOutput[event.output] == nil {
      // Bytes that only a use knows are not the request's, unless nothing else is.
      if !isUse || outputsOfRequest[event.request] == nil {
        outputsOfRequest[event.request, default: []].append(event.output)
      }
      requestOfOutput[event.output] = event.request
    }
    if event.prompt == none { return }
    if event.request != none, promptOfRequest[event.request] == nil {
      promptOfRequest[event.request] = event.prompt
      requestsOfPrompt[event.prompt, default: []].append(event.request)
    }
    if event.output != none, promptOfOutput[event.output] == nil {
      promptOfOutput[event.output] = event.prompt
    }
  }

  mutating func bind(_ certificate: UInt32, to output: UInt32) {
    if outputOfCertificate[certificate] == nil { outputOfCertificate[certificate] = output }
  }

  func requestOf(_ output: UInt32) -> UInt32? { requestOfOutput[output] }

  /// Fills in the identities that the event does not name itself.
  func complete(_ event: inout CaseEvent) {
    let none = IdentityLinks.none
    if event.output == none, event.certificate != none,
      let output = outputOfCertificate[event.certificate]
    {
      event.output = output
    }
    if event.output == none {
      var requests: [UInt32] = []
      if event.request != none {
        requests = [event.request]
      } else if event.prompt != none {
        requests = requestsOfPrompt[event.prompt] ?? []
      }
      let outputs = requests.flatMap { outputsOfRequest[$0] ?? [$0] }
      if outputs.count == 1 { event.output = outputs[0] }
      event.isAmbiguous = outputs.count > 1
    }
    if event.request == none, event.output != none {
      event.request = requestOfOutput[event.output] ?? none
    }
    if event.prompt == none, event.output != none {
      event.prompt = promptOfOutput[event.output] ?? none
    }
    if event.prompt == none, event.output != none, let origin = requestOfOutput[event.output] {
      event.prompt = promptOfRequest[origin] ?? none
    }
    if event.prompt == none, event.request != none {
      event.prompt = promptOfRequest[event.request] ?? none
    }
  }
}
