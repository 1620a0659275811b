import Findings
import MiraLint
import Reports
import Rules
import SourceText

/// Checks documents and answers what is asked about them, one thing after the other.
actor CheckDesk {
  /// What the last check of a document gave.
  private struct CheckedDocument {
    var folder: String
    var check: Linter.EditorCheck
  }

  /// For how many findings of one request changes are looked for.
  private static let mostFixes = 8
  /// Up to which size of a text they are looked for although nobody has asked for actions: each is tried.
  private static let bytesTriedUnasked = 1 << 14

  private let session: Session
  private let writer: MessageWriter
  private let surroundings: LanguageServer.Surroundings
  private var folders: [String: FolderLinter] = [:]
  private var checked: [String: CheckedDocument] = [:]
  /// What the client shows, by URI: empty lists are not kept.
  private var published: [String: [UInt8]] = [:]
  private var complained: [String: String] = [:]

  init(_ session: Session, _ writer: MessageWriter, _ surroundings: LanguageServer.Surroundings) {
    self.session = session
    self.writer = writer
    self.surroundings = surroundings
  }

  func `do`(_ job: Job) async {
    switch job {
    case .check(let change):
      if session.with({ $0.changes == change }) { await checkWhatChanged() }
    case .hover(let id, let uri, let position):
      await answer(id) { writer in
        HoverText(of: findings(at: uri) { $0.touches(position) }).write(to: &writer)
      }
    case .diagnostics(let id, let uri):
      await answer(id) { writer in
        let items = published[uri] ?? Array("[]".utf8)
        writer.object { report in
          report.member("kind", "full")
          report.member("items", literal: String(decoding: items, as: UTF8.self))
        }
      }
    case .codeActions(let id, let uri, let range, let kinds, let isInvoked):
      let isWanted = kinds.isEmpty || kinds.contains { "quickfix".hasPrefix($0) }
      await answer(id) { writer in
        let placed = isWanted ? findings(at: uri) { $0.touches(range) } : []
        guard let document = session.with({ $0.documents[uri] }) else {
          writer.array([Int]()) { _, _ in }
          return
        }
        let trying = isInvoked || document.file.bytes.count <= Self.bytesTriedUnasked
        CodeActions(document: document, abilities: session.with { $0.abilities })
          .write(for: trying ? withFixes(placed, in: document) : placed, to: &writer)
      }
    }
  }

  /// Answers about the texts as they are now, unless the client has changed its mind.
  private func answer(_ id: RequestID, _ write: (inout JSONWriter) -> Void) async {
    if !isCancelled(id) { await checkWhatChanged() }
    let isCancelled = session.with { state in
      state.waiting.remove(id)
      return state.cancelled.remove(id) != nil
    }
    if isCancelled {
      writer.refuse(id, .requestCancelled, "cancelled")
    } else {
      writer.answer(id, write)
    }
  }

  private func isCancelled(_ id: RequestID) -> Bool {
    session.with { $0.cancelled.contains(id) }
  }

  // MARK: Checking

  private func checkWhatChanged() async {
    let (state, changed) = session.with { state in
      defer { state.changed = [] }
      return (state, state.changed)
    }
    var texts: [String: [UInt8]] = [:]
    for document in state.documents.values { texts[document.path] = document.file.bytes }
    let isFresh = refreshFolders(of: state)
    for uri in checked.keys where state.documents[uri] == nil { checked[uri] = nil }

    var rechecked: [OpenDocument] = []
    for document in state.documents.values.sorted(by: { $0.uri < $1.uri }) {
      let folder = Session.folder(of: document.path, among: state.folders)
      if let last = checked[document.uri], last.folder == folder, isFresh[folder] != true,
        !changed.contains(document.path), last.check.consulted.isDisjoint(with: changed)
      {
        continue
      }
      guard let linter = folders[folder]?.linter else {
        checked[document.uri] = nil
        continue
      }
      checked[document.uri] = CheckedDocument(
        folder: folder, check: await linter.check(openText: document.path, among: texts))
      rechecked.append(document)
    }
    publish(Set(rechecked.map(\.uri)), state)
  }

  /// Which folders' linters are new.
  private func refreshFolders(of state: Session.State) -> [String: Bool] {
    var isFresh: [String: Bool] = [:]
    for document in state.documents.values {
      let folder = Session.folder(of: document.path, among: state.folders)
      if isFresh[folder] != nil { continue }
      isFresh[folder] = folders[folder, default: FolderLinter(folder)].refresh(surroundings)
      complain(about: folder)
    }
    return isFresh
  }

  /// Says once what is wrong with the configuration or the rules.
  private func complain(about folder: String) {
    let words = folders[folder]?.failure.map(\.words)
    defer { complained[folder] = words }
    guard let words, complained[folder] != words else { return }
    writer.notify("window/showMessage") { message in
      message.member("type", 1)
      message.member("message", "mira-lint: \(words)")
    }
  }

  /// The findings with the changes that end them: looked for only where they are asked for.
  private func withFixes(
    _ placed: [PlacedFinding], in document: OpenDocument
  ) -> [PlacedFinding] {
    guard let folder = checked[document.uri]?.folder, let linter = folders[folder]?.linter else {
      return placed
    }
    let documents = session.with { $0.documents.values.map { ($0.path, $0.file.bytes) } }
    let texts = Dictionary(documents, uniquingKeysWith: { $1 })
    var fixed = placed
    let tried = placed.prefix(Self.mostFixes).map(\.finding)
    let fixes = linter.fixes(for: tried, inOpenText: document.path, among: texts)
    for (index, fix) in fixes.enumerated() { fixed[index].finding.fix = fix }
    return fixed
  }

  // MARK: Findings

  private func findings(at uri: String, _ isMeant: (PositionRange) -> Bool) -> [PlacedFinding] {
    let state = session.with { $0 }
    guard let path = state.documents[uri]?.path else { return [] }
    return placedFindings(state)[path, default: []].filter { isMeant($0.range) }
  }

  /// All findings by the absolute path they stand at, each once.
  private func placedFindings(_ state: Session.State) -> [String: [PlacedFinding]] {
    var texts = OpenFiles(state.documents.values)
    var known: Set<String> = []
    var placed: [String: [PlacedFinding]] = [:]
    for (uri, document) in checked.sorted(by: { $0.key < $1.key }) {
      guard let linter = folders[document.folder]?.linter, state.documents[uri] != nil else {
        continue
      }
      for finding in document.check.findings {
        let path = FilePath.absolute(finding.location.path, from: linter.baseDirectory)
        let place = finding.location
        let key = "\(path) \(place.startByte) \(place.endByte) \(finding.rule) \(finding.message)"
        guard known.insert(key).inserted else { continue }
        placed[path, default: []].append(
          PlacedFinding(
            finding, rule: linter.allRules.first { $0.id == finding.rule },
            base: linter.baseDirectory, encoding: state.abilities.encoding, texts: &texts))
      }
    }
    return placed
  }

  // MARK: Publishing

  private func publish(_ rechecked: Set<String>, _ state: Session.State) {
    var uris: [String: String] = [:]
    for document in state.documents.values { uris[document.path] = document.uri }
    var current: [String: [UInt8]] = [:]
    for (path, placed) in placedFindings(state) {
      var writer = JSONWriter(indented: false)
      let diagnostics = DiagnosticWriter(abilities: state.abilities, uris: uris)
      writer.array(placed) { diagnostics.write($1, to: &$0) }
      current[uris[path] ?? DocumentAddress.uri(of: path)] = writer.take()
    }
    for (uri, bytes) in brokenDocuments(state) where current[uri] == nil { current[uri] = bytes }

    let concerned = rechecked.union(published.keys).union(current.keys)
    for uri in concerned.sorted() {
      let diagnostics = current[uri] ?? Array("[]".utf8)
      // A text that has changed meanwhile will be checked again; what is known of the old one would be misplaced.
      let document = state.documents[uri]
      if document?.version != session.with({ $0.documents[uri]?.version }) { continue }
      if !rechecked.contains(uri), (published[uri] ?? Array("[]".utf8)) == diagnostics { continue }
      published[uri] = current[uri]
      writer.notify("textDocument/publishDiagnostics") { message in
        message.member("uri", uri)
        if let version = document?.version { message.member("version", version) }
        message.member("diagnostics", literal: String(decoding: diagnostics, as: UTF8.self))
      }
    }
  }

  /// What is wrong with configurations and rules, where they say it themselves.
  private func brokenDocuments(_ state: Session.State) -> [String: [UInt8]] {
    var texts = OpenFiles(state.documents.values)
    var problems: [String: [DocumentComplaint]] = [:]
    for folder in folders.values {
      guard case .brokenDocuments(let lines)? = folder.failure else { continue }
      for complaint in lines.compactMap({ DocumentComplaint($0, from: folder.folder) }) {
        problems[complaint.path, default: []].append(complaint)
      }
    }
    var result: [String: [UInt8]] = [:]
    for (path, complaints) in problems {
      let uri =
        state.documents.values.first { $0.path == path }?.uri ?? DocumentAddress.uri(of: path)
      var writer = JSONWriter(indented: false)
      writer.array(complaints) { writer, complaint in
        complaint.write(to: &writer, texts.file(at: path), state.abilities.encoding)
      }
      result[uri] = writer.take()
    }
    return result
  }
}
