import Findings
import MiraLint
import Reports
import Rules
import SourceText

/// What a client can do about findings with one key.
struct CodeActions {
  /// Stands where the reason belongs: an acceptance without one is an error, so that a placeholder must be there.
  static let reasonPlaceholder = "TODO: say why"

  let document: OpenDocument
  let abilities: ClientAbilities

  func write(for findings: [PlacedFinding], to writer: inout JSONWriter) {
    var actions = findings.compactMap(fix)
    var told: Set<String> = []
    actions += findings.compactMap(acceptance).filter { action in
      action.edits.allSatisfy { told.insert("\($0.range) \($0.text)").inserted }
    }
    writer.array(actions) { write($1, to: &$0) }
  }

  /// A change that the client may make.
  private struct Action {
    var title: String
    var placed: PlacedFinding
    var edits: [TextEdit]
    /// Whether a client that is told to mend everything may make it unasked.
    var isPreferred = false
  }

  /// A text in place of another.
  private struct TextEdit {
    var range: PositionRange
    var text: String
  }

  /// The change that ends the finding, where one is known.
  private func fix(of placed: PlacedFinding) -> Action? {
    guard let fix = placed.finding.fix else { return nil }
    let edits = fix.edits.map { edit in
      let place = edit.location
      return TextEdit(
        range: PositionRange(
          start: abilities.encoding.position(
            line: place.line, column: place.column, in: document.file),
          end: abilities.encoding.position(
            line: place.endLine, column: place.endColumn, in: document.file)),
        text: edit.replacement)
    }
    let title = fix.message.prefix(1).uppercased() + fix.message.dropFirst()
    switch fix.safety {
    case .safe: return Action(title: title, placed: placed, edits: edits, isPreferred: true)
    case .unsafe:
      return Action(
        title: "\(title) (stays closed until something waits for the proof)", placed: placed,
        edits: edits)
    }
  }

  /// A comment that accepts the finding.
  private func acceptance(of placed: PlacedFinding) -> Action? {
    // What is wrong with the file or with a suppression is mended, not accepted.
    switch placed.rule?.check {
    case .linter(.unreadableInput)?, .linter(.unusedSuppression)?: return nil
    default: break
    }
    let hasMark = document.file.bytes.starts(with: [0xef, 0xbb, 0xbf])
    let file = SourceDecoder.decode(path: document.path, raw: document.file.bytes).file
    guard
      let insertion = SuppressionWriter(file).insertion(
        accepting: placed.finding.rule, at: placed.finding.location,
        reason: Self.reasonPlaceholder)
    else { return nil }
    let line = file.position(at: insertion.offset).line
    let place = Position(line - 1, 0)
    // Before a byte-order mark there is no text.
    let start = hasMark && line == 1 ? Position(0, abilities.encoding == .utf8 ? 3 : 1) : place
    let edit = TextEdit(range: PositionRange(start: start, end: start), text: insertion.text)
    return Action(
      title: "Accept \(placed.finding.rule) here, with a reason", placed: placed, edits: [edit])
  }

  private func write(_ described: Action, to writer: inout JSONWriter) {
    let edits = described.edits
    let diagnostics = DiagnosticWriter(
      abilities: abilities, uris: [document.path: document.uri])
    writer.object { action in
      action.member("title", described.title)
      action.member("kind", "quickfix")
      if described.isPreferred { action.member("isPreferred", true) }
      action.array("diagnostics", [described.placed]) { diagnostics.write($1, to: &$0) }
      action.object("edit") { edit in
        if abilities.takesDocumentChanges {
          edit.array("documentChanges", [document]) { writer, document in
            writer.object { change in
              change.object("textDocument") { target in
                target.member("uri", document.uri)
                target.member("version", literal: document.version.map(String.init) ?? "null")
              }
              change.array("edits", edits) { Self.write($1, to: &$0) }
            }
          }
        } else {
          edit.object("changes") { changes in
            changes.array(document.uri, edits) { Self.write($1, to: &$0) }
          }
        }
      }
    }
  }

  private static func write(_ edit: TextEdit, to writer: inout JSONWriter) {
    writer.object { object in
      object.range("range", edit.range)
      object.member("newText", edit.text)
    }
  }
}
