package import MiraLint
import Reports
import SourceText

/// Speaks the language server protocol (3.17) with one client.
///
/// Messages are read where ``receive(_:)`` is called; checks and the answers to requests are made by one task beside it, in
/// order, so that a cancellation is read while a check goes on.
package final class LanguageServer: Sendable {
  /// What the server needs to know of the program around it.
  package struct Surroundings: Sendable {
    /// The settings for a folder of the workspace.
    package var settings: @Sendable (_ folder: String) throws(LinterError) -> Settings
    /// The configuration that the user named; absolute.
    package var configuration: String?
    /// How long the client must be silent before a changed text is checked.
    package var patience: Duration
    /// Takes whole messages.
    package var output: @Sendable ([UInt8]) -> Void

    package init(
      configuration: String? = nil, patience: Duration = .milliseconds(150),
      settings: @escaping @Sendable (_ folder: String) throws(LinterError) -> Settings,
      output: @escaping @Sendable ([UInt8]) -> Void
    ) {
      self.settings = settings
      self.configuration = configuration
      self.patience = patience
      self.output = output
    }
  }

  /// How a session ends: with status 0 only after `shutdown`.
  package enum Ending: Sendable, Equatable { case asAgreed, abrupt }

  private let session = Session()
  private let writer: MessageWriter
  private let jobs: AsyncStream<Job>.Continuation
  private let worker: Task<Void, Never>
  private let patience: Duration

  package init(_ surroundings: Surroundings) {
    writer = MessageWriter(surroundings.output)
    patience = surroundings.patience
    let (stream, jobs) = AsyncStream.makeStream(of: Job.self)
    self.jobs = jobs
    let desk = CheckDesk(session, writer, surroundings)
    worker = Task.detached {
      for await job in stream { await desk.do(job) }
    }
  }

  /// Handles one frame of the client's stream.
  ///
  /// - Returns: `nil` as long as the session goes on.
  func receive(_ frame: MessageFramer.Frame) -> Ending? {
    switch frame {
    case .malformedHeader(let words): writer.refuse(nil, .parseError, words)
    case .oversized(let bytes):
      let most = MessageFramer.mostBytes >> 20
      writer.refuse(
        nil, .invalidRequest, "a message of \(bytes) bytes is passed over: the most is \(most) MiB")
    case .message(let bytes):
      switch IncomingMessage(bytes) {
      case .unreadable(let reason): writer.refuse(nil, .parseError, reason)
      case .invalid(let id, let reason): writer.refuse(id, .invalidRequest, reason)
      case .response: break
      case .request(let id, let method, let parameters): answer(id, method, parameters)
      case .notification("exit", _): return ending
      case .notification(let method, let parameters): take(method, parameters)
      }
    }
    return nil
  }

  /// How the session ends if it ends now.
  package var ending: Ending { session.with { $0.phase == .shutDown ? .asAgreed : .abrupt } }

  /// Waits until everything that was asked for has been answered.
  package func finish() async {
    jobs.finish()
    await worker.value
  }

  private func answer(_ id: RequestID, _ method: String, _ parameters: Node?) {
    switch (session.with { $0.phase }, method) {
    case (.fresh, "initialize"): initialize(id, parameters)
    case (.fresh, _):
      writer.refuse(id, .serverNotInitialized, "the first request is `initialize`")
    case (.shutDown, _): writer.refuse(id, .invalidRequest, "the server has been shut down")
    case (.running, "initialize"): writer.refuse(id, .invalidRequest, "`initialize` comes once")
    case (.running, "shutdown"):
      session.with { $0.phase = .shutDown }
      writer.answer(id) { $0.null() }
    case (.running, "textDocument/hover"):
      guard let position = Position(parameters?["position"]), let uri = uri(parameters) else {
        return refuse(id, "a document and a position")
      }
      wait(id, .hover(id, uri: uri, position))
    case (.running, "textDocument/codeAction"):
      guard let range = PositionRange(parameters?["range"]), let uri = uri(parameters) else {
        return refuse(id, "a document and a range")
      }
      let kinds = parameters?.at("context", "only")?.items.compactMap(\.string)
      // 2: the caret has moved, and nobody has asked for anything yet.
      let isInvoked = parameters?.at("context", "triggerKind")?.integer != 2
      wait(id, .codeActions(id, uri: uri, range, kinds: kinds ?? [], isInvoked: isInvoked))
    case (.running, "textDocument/diagnostic"):
      guard let uri = uri(parameters) else { return refuse(id, "a document") }
      wait(id, .diagnostics(id, uri: uri))
    case (.running, _):
      writer.refuse(id, .methodNotFound, "`\(method)` is not known here")
    }
  }

  private func refuse(_ id: RequestID, _ wanted: String) {
    writer.refuse(id, .invalidParams, "the request needs \(wanted)")
  }

  private func wait(_ id: RequestID, _ job: Job) {
    session.with { state -> Void in state.waiting.insert(id) }
    jobs.yield(job)
  }

  private func take(_ method: String, _ parameters: Node?) {
    guard session.with({ $0.phase == .running }) else { return }
    switch method {
    case "initialized": registerWatchers()
    case "$/cancelRequest":
      guard let id = parameters?["id"].flatMap({ RequestID($0) }) else { return }
      session.with { state in
        if state.waiting.contains(id) { state.cancelled.insert(id) }
      }
    case "textDocument/didOpen": open(parameters)
    case "textDocument/didChange": change(parameters)
    case "textDocument/didClose": close(parameters)
    case "textDocument/didSave", "workspace/didChangeConfiguration": checkSoon(at: once)
    case "workspace/didChangeWatchedFiles":
      let paths = (parameters?["changes"]?.items ?? []).compactMap { change in
        change["uri"]?.string.flatMap(DocumentAddress.path)
      }
      session.with { $0.changed.formUnion(paths) }
      checkSoon(at: nil)
    case "workspace/didChangeWorkspaceFolders": changeFolders(parameters?["event"])
    // Whatever else a client tells, `$/setTrace` among it, may be passed over.
    default: break
    }
  }

  // MARK: Documents

  private func open(_ parameters: Node?) {
    guard let document = parameters?["textDocument"], let uri = document["uri"]?.string,
      let text = document["text"]?.string
    else { return complain("textDocument/didOpen came without a document") }
    session.with { state in
      let path =
        DocumentAddress.path(of: uri)
        ?? OpenDocument.path(
          ofUnsaved: uri, language: document["languageId"]?.string,
          in: state.folders.first ?? FileSystem.workingDirectory)
      state.documents[uri] = OpenDocument(
        uri: uri, path: FilePath.absolute(path, from: "/"),
        version: document["version"]?.integer, text: text)
      state.changed.insert(FilePath.absolute(path, from: "/"))
    }
    checkSoon(at: once)
  }

  private func change(_ parameters: Node?) {
    guard let uri = uri(parameters) else {
      return complain("textDocument/didChange came without a document")
    }
    let complaint: String? = session.with { state in
      guard var document = state.documents[uri] else { return "\(uri) changed and is not open" }
      document.version = parameters?.at("textDocument", "version")?.integer ?? document.version
      var isUnderstood = true
      for change in parameters?["contentChanges"]?.items ?? [] {
        isUnderstood = document.apply(change, state.abilities.encoding) && isUnderstood
      }
      state.documents[uri] = document
      state.changed.insert(document.path)
      return isUnderstood ? nil : "a change of \(uri) has no sound range or no text"
    }
    if let complaint { complain(complaint) }
    checkSoon(at: nil)
  }

  private func close(_ parameters: Node?) {
    guard let uri = uri(parameters) else { return }
    session.with { state in
      if let document = state.documents.removeValue(forKey: uri) {
        state.changed.insert(document.path)
      }
    }
    checkSoon(at: once)
  }

  private func uri(_ parameters: Node?) -> String? {
    parameters?.at("textDocument", "uri")?.string
  }

  private var once: Duration { .zero }

  /// Has the documents checked: at once, or when the client has been silent for a while.
  private func checkSoon(at pause: Duration?) {
    let change = session.with { state in
      state.changes += 1
      return state.changes
    }
    let pause = pause ?? patience
    guard pause > .zero else {
      jobs.yield(.check(change))
      return
    }
    let jobs = jobs
    Task.detached {
      try? await Task.sleep(for: pause)
      jobs.yield(.check(change))
    }
  }

  private func complain(_ words: String) {
    writer.notify("window/logMessage") { message in
      message.member("type", 1)
      message.member("message", words)
    }
  }

  // MARK: The session

  private func initialize(_ id: RequestID, _ parameters: Node?) {
    let abilities = ClientAbilities(parameters)
    var folders = (parameters?["workspaceFolders"]?.items ?? []).compactMap { $0["uri"]?.string }
      .compactMap(DocumentAddress.path)
    if folders.isEmpty, let root = parameters?["rootUri"]?.string.flatMap(DocumentAddress.path) {
      folders = [root]
    }
    if folders.isEmpty, let root = parameters?["rootPath"]?.string { folders = [root] }
    let absolute = folders.map { FilePath.absolute($0, from: "/") }
    session.with { state in
      state.abilities = abilities
      state.folders = absolute
      state.phase = .running
    }
    writer.answer(id) { result in
      result.object { result in
        result.object("capabilities") { Self.writeCapabilities(&$0, abilities) }
        result.object("serverInfo") { server in
          server.member("name", "mira-lint")
          server.member("version", Version.current)
        }
      }
    }
  }

  private static func writeCapabilities(_ writer: inout JSONWriter, _ abilities: ClientAbilities) {
    writer.member("positionEncoding", abilities.encoding.rawValue)
    writer.object("textDocumentSync") { sync in
      sync.member("openClose", true)
      // Incremental.
      sync.member("change", 2)
      sync.object("save") { $0.member("includeText", false) }
    }
    writer.member("hoverProvider", true)
    writer.object("codeActionProvider") { $0.array("codeActionKinds", ["quickfix"]) }
    writer.object("workspace") { workspace in
      workspace.object("workspaceFolders") { folders in
        folders.member("supported", true)
        folders.member("changeNotifications", true)
      }
    }
  }

  /// Asks to be told of files that change outside the editor: the configuration, rules, and what definitions refer to.
  private func registerWatchers() {
    guard session.with({ $0.abilities.registersWatchers }) else { return }
    writer.request("client/registerCapability", id: "watch-files") { parameters in
      parameters.array("registrations", ["watch-files"]) { writer, id in
        writer.object { registration in
          registration.member("id", id)
          registration.member("method", "workspace/didChangeWatchedFiles")
          registration.object("registerOptions") { options in
            options.array("watchers", ["**/*.{yml,yaml,json,md}", "**/.mira-lint.{yml,yaml}"]) {
              writer, glob in
              writer.object { $0.member("globPattern", glob) }
            }
          }
        }
      }
    }
  }

  private func changeFolders(_ event: Node?) {
    func paths(_ name: String) -> [String] {
      (event?[name]?.items ?? []).compactMap { $0["uri"]?.string }
        .compactMap(DocumentAddress.path).map { FilePath.absolute($0, from: "/") }
    }
    let removed = Set(paths("removed"))
    let added = paths("added")
    session.with { state in
      state.folders.removeAll { removed.contains($0) }
      state.folders += added.filter { !state.folders.contains($0) }
    }
    checkSoon(at: once)
  }
}

/// What the worker does, in the order in which it was asked for.
enum Job: Sendable {
  /// Check what has changed, unless more changes have come since.
  case check(_ change: Int)
  case hover(RequestID, uri: String, Position)
  /// The findings of a document: they are also told unasked, so that clients need not ask.
  case diagnostics(RequestID, uri: String)
  case codeActions(RequestID, uri: String, PositionRange, kinds: [String], isInvoked: Bool)
}

/// Cuts a client's stream and hands on what it holds, for whoever reads the stream.
package struct ClientStream {
  private var framer = MessageFramer()
  private let server: LanguageServer

  package init(to server: LanguageServer) { self.server = server }

  /// Takes what has arrived.
  ///
  /// - Returns: how the session ended, once it has.
  package mutating func receive(_ bytes: [UInt8]) -> LanguageServer.Ending? {
    for frame in framer.receive(bytes) {
      if let ending = server.receive(frame) { return ending }
    }
    return nil
  }
}
