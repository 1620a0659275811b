package import SourceText
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
  private let waiting: [(engine: String, file: SourceFile)]
  private let decoded = Mutex<[String: [Integration]]>([:])

  /// - Parameters:
  ///   - own: integrations that are decoded already, in the order in which they count.
  ///   - waiting: documents that are known to be sound, with the engines that they speak of.
  package init(own: [Integration] = [], waiting: [(engine: String, file: SourceFile)] = []) {
    self.own = own
    self.waiting = waiting
  }

  /// Every engine that an integration speaks of, `any` among them.
  package var engines: Set<String> {
    Set(own.map(\.engine) + waiting.map(\.engine))
  }

  /// The integrations of one engine in the order in which they count; those for any engine stand apart.
  package func integrations(for engine: String) -> [Integration] {
    let builtIn = decoded.withLock { decoded in
      if let known = decoded[engine] { return known }
      let fresh = waiting.filter { $0.engine == engine }.flatMap { Self.decode($0.file) }
      decoded[engine] = fresh
      return fresh
    }
    return own.filter { $0.engine == engine } + builtIn
  }

  private static func decode(_ file: SourceFile) -> [Integration] {
    var reading = DocumentReading(file: file)
    return YAMLReader.read(file).documents.compactMap { integrationShape.read($0, &reading) }
  }
}
