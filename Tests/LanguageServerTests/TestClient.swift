import Foundation
import SourceText
import Synchronization

@testable import LanguageServer
@testable import MiraLint

/// A client that speaks with a server in this process.
final class TestClient: Sendable {
  let server: LanguageServer
  private let answers: Answers
  private let stream: Mutex<ClientStream>
  private let settled = Mutex(0)

  /// Gathers what the server says.
  private final class Answers: Sendable {
    let bytes = Mutex<[UInt8]>([])
  }

  /// - Parameter gate: waited for before anything is checked.
  init(gate: Gate? = nil) {
    let answers = Answers()
    self.answers = answers
    server = LanguageServer(
      LanguageServer.Surroundings(patience: .zero) { folder throws(LinterError) in
        gate?.wait()
        var settings = Settings(workingDirectory: folder)
        if let path = ConfigurationFinder.path(for: folder) {
          try ConfigurationFinder.read(path, workingDirectory: folder).apply(
            to: &settings, path: path)
        }
        return settings
      } output: { bytes in
        answers.bytes.withLock { $0 += bytes }
      })
    stream = Mutex(ClientStream(to: server))
  }

  @discardableResult
  func send(raw bytes: [UInt8]) -> LanguageServer.Ending? {
    stream.withLock { $0.receive(bytes) }
  }

  @discardableResult
  func send(_ json: String) -> LanguageServer.Ending? { send(raw: Self.framed(json)) }

  static func framed(_ json: String) -> [UInt8] {
    Array("Content-Length: \(json.utf8.count)\r\n\r\n\(json)".utf8)
  }

  func initialize(_ capabilities: String = "{}", folder: String? = nil) {
    let root = folder.map { "\"\(DocumentAddress.uri(of: $0))\"" } ?? "null"
    send(
      #"{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"processId":null,"rootUri":\#(root),"capabilities":\#(capabilities)}}"#
    )
    send(#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#)
  }

  func open(_ uri: String, _ text: String, language: String = "yaml", version: Int = 1) {
    send(
      #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"\#(uri)","languageId":"\#(language)","version":\#(version),"text":\#(quoted(text))}}}"#
    )
  }

  func change(_ uri: String, version: Int, _ changes: String) {
    send(
      #"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"\#(uri)","version":\#(version)},"contentChanges":[\#(changes)]}}"#
    )
  }

  func request(_ id: Int, _ method: String, _ parameters: String) {
    send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(parameters)}"#)
  }

  func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\r", with: "\\r").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    return "\"\(escaped)\""
  }

  /// Waits until the server has answered a request, and so done all that came before.
  func settle() async {
    let id = settled.withLock { number in
      number += 1
      return number
    }
    request(
      10_000 + id, "textDocument/hover",
      #"{"textDocument":{"uri":"x:"},"position":{"line":0,"character":0}}"#)
    let mark = Array("\"id\":\(10_000 + id),".utf8)
    while !answers.bytes.withLock({ $0.firstRange(of: mark) != nil }) {
      try? await Task.sleep(for: .milliseconds(2))
    }
  }

  /// Everything that the server has said, once it has answered all requests.
  func messages() async -> [Node] {
    await server.finish()
    var framer = MessageFramer()
    return framer.receive(answers.bytes.withLock { $0 }).compactMap { frame in
      guard case .message(let bytes) = frame else { return nil }
      let tree = JSONReader.read(SourceFile(path: "", bytes: bytes))
      return tree.problems.isEmpty ? tree.documents.first : nil
    }
  }
}

/// Holds the server up until the test lets it go on.
final class Gate: Sendable {
  private let isOpen = Mutex(false)

  func open() { isOpen.withLock { $0 = true } }

  func wait() {
    while !isOpen.withLock({ $0 }) { usleep(1000) }
  }
}

extension [Node] {
  func answer(_ id: String) -> Node? { first { $0["id"]?.text == id && $0["method"] == nil } }

  /// What was published of a document, in order.
  func diagnostics(of uri: String) -> [Node] {
    filter {
      $0["method"]?.string == "textDocument/publishDiagnostics"
        && $0.at("params", "uri")?.string == uri
    }.compactMap { $0["params"] }
  }
}

extension Node {
  /// The codes of published diagnostics.
  var codes: [String] { self["diagnostics"]?.items.compactMap { $0["code"]?.string } ?? [] }
}

/// A directory that is gone after the test.
func withFolder<Result>(
  _ files: [String: String], _ work: (String) async throws -> Result
) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lsp ü \(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  for (name, text) in files {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
  let path = FileSystem.absolutePath(folder.path(percentEncoded: false)) ?? ""
  return try await work(path)
}
