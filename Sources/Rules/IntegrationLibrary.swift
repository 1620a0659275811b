import Synchronization

/// The integrations in force, by engine.
///
/// The program's own documents are decoded when the first workflow of their engine asks for them: a run pays for what it
/// reads, not for every engine there is.
package final class IntegrationLibrary: Sendable {
  /// The engine of integrations that speak of what every engine may call.
  package static let anyEngine = "any"

  /// The users' integrations, the latest document first: what they say of a call counts.
  private let own: [Integration]
  private let waiting: [(engine: String, document: EmbeddedDocument)]
  private let decoded = Mutex<[String: [Integration]]>([:])

  /// - Parameters:
  ///   - own: integrations that are decoded already, in the order in which they count.
  ///   - waiting: documents that are known to be sound, with the engines that they speak of.
  init(own: [Integration], waiting: [(engine: String, document: EmbeddedDocument)]) {
    self.own = own
    self.waiting = waiting
  }

  /// - Parameter own: integrations that are decoded already, in the order in which they count.
  package convenience init(own: [Integration] = []) {
    self.init(own: own, waiting: [])
  }

  /// Every engine that an integration speaks of, `any` among them.
  package var engines: Set<String> {
    Set(own.map(\.engine) + waiting.map(\.engine))
  }

  /// The integrations of one engine in the order in which they count; those for any engine stand apart.
  package func integrations(for engine: String) -> [Integration] {
    let builtIn = decoded.withLock { decoded in
      if let known = decoded[engine] { return known }
      let fresh = waiting.filter { $0.engine == engine }.compactMap(\.document.integration)
      decoded[engine] = fresh
      return fresh
    }
    return own.filter { $0.engine == engine } + builtIn
  }
}
