import EventLogs

/// Which request, prompt, output and certificate of a case belong together.
struct IdentityLinks {
  private var requestOfOutput = IdentityMap<UInt32>()
  private var outputsOfRequest = IdentityMap<Linked>()
  private var promptOfRequest = IdentityMap<UInt32>()
  private var promptOfOutput = IdentityMap<UInt32>()
  private var requestsOfPrompt = IdentityMap<Linked>()
  private var outputOfCertificate = IdentityMap<UInt32>()
  /// Outputs of other requests that a request met: it read them from a cache.
  private var outputsMet = IdentityMap<Linked>()
  private static let none = Event.nobody

  /// One identity that is linked, or the first of several.
  private struct Linked {
    var first: UInt32
    var isSeveral = false
  }

  /// Takes what an event says by itself; what was said first stays.
  mutating func note(_ event: CaseEvent, isUse: Bool) {
    let none = IdentityLinks.none
    if event.output != none, event.request != none, requestOfOutput[event.output] == nil {
      // Bytes that only a use knows are not the request's, unless nothing else is.
      if !isUse || outputsOfRequest[event.request] == nil {
        IdentityLinks.link(event.output, to: event.request, in: &outputsOfRequest)
      }
      requestOfOutput[event.output] = event.request
    } else if event.output != none, event.request != none,
      requestOfOutput[event.output] != event.request,
      outputsMet[event.request].map({ $0.first != event.output }) ?? true
    {
      IdentityLinks.link(event.output, to: event.request, in: &outputsMet)
    }
    if event.prompt == none { return }
    if event.request != none, promptOfRequest[event.request] == nil {
      promptOfRequest[event.request] = event.prompt
      IdentityLinks.link(event.request, to: event.prompt, in: &requestsOfPrompt)
    }
    if event.output != none, promptOfOutput[event.output] == nil {
      promptOfOutput[event.output] = event.prompt
    }
  }

  private static func link(
    _ identity: UInt32, to owner: UInt32, in map: inout IdentityMap<Linked>
  ) {
    let known = map[owner]
    map[owner] = Linked(first: known?.first ?? identity, isSeveral: known != nil)
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
      // Of a request that has an output of its own, a certificate of another one's proves nothing.
      let own = event.request == none ? nil : outputsOfRequest[event.request]
      let isForeign = own.map { !$0.isSeveral && $0.first != output } ?? false
      event.output = isForeign && requestOfOutput[output] != nil ? none : output
    }
    if event.output == none { findOutput(of: &event) }
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

  /// The only output of its request, or of the only request of its prompt; the request itself where no hash is known.
  private func findOutput(of event: inout CaseEvent) {
    var request = event.request
    if request == IdentityLinks.none {
      guard event.prompt != IdentityLinks.none, let linked = requestsOfPrompt[event.prompt] else {
        return
      }
      event.isAmbiguous = linked.isSeveral
      if linked.isSeveral { return }
      request = linked.first
    }
    let linked = outputsOfRequest[request] ?? outputsMet[request]
    event.isAmbiguous = linked?.isSeveral ?? false
    if !event.isAmbiguous { event.output = linked?.first ?? request }
  }
}

/// A few values by identity: a list that is looked through, until there are many.
struct IdentityMap<Value> {
  private var entries: [(key: UInt32, value: Value)] = []
  /// Where each key stands, once the list is long.
  private var places: [UInt32: Int] = [:]
  private static var longest: Int { 16 }

  subscript(key: UInt32) -> Value? {
    get { place(of: key).map { entries[$0].value } }
    set {
      guard let newValue else { return }
      if let place = place(of: key) {
        entries[place].value = newValue
        return
      }
      entries.append((key, newValue))
      if entries.count == Self.longest + 1 {
        for (place, entry) in entries.enumerated() { places[entry.key] = place }
      } else if entries.count > Self.longest {
        places[key] = entries.count - 1
      }
    }
  }

  private func place(of key: UInt32) -> Int? {
    if entries.count > Self.longest { return places[key] }
    for place in entries.indices where entries[place].key == key { return place }
    return nil
  }
}
