import Expressions
import SourceText

/// What a script has set to run when it ends (`trap … EXIT`) or fails (`trap … ERR`).
struct ShellTraps {
  struct Handler {
    var script: ShellScript
    var source: ShellSource
  }
  var exit: Handler?
  var error: Handler?
}

extension ShellLowerer {
  mutating func setTrap(_ words: [ShellWord]) {
    var rest = words.dropFirst()
    if rest.first?.literal == "--" { rest = rest.dropFirst() }
    guard let word = rest.popFirst(), !scopes.contains(where: { $0.kind == .subshell }) else {
      return
    }
    let handler = script(in: word).map { ShellTraps.Handler(script: $0, source: source) }
    if let handler {
      var census = ShellCensus()
      census.visit(handler.script.commands)
      for (name, count) in census.writes { writes[name, default: 0] += count + 1 }
    }
    let isReset = word.literal == "-" || word.literal?.isEmpty == true
    for signal in rest {
      switch signal.literal?.uppercased() {
      case "EXIT", "0": traps.exit = isReset ? nil : handler
      case "ERR": traps.error = isReset ? nil : handler
      default: break
      }
    }
  }

  /// Runs what was set for the script's end behind its ends.
  mutating func runTraps(behind exits: ScriptExits) -> ScriptExits {
    var exits = exits
    if let handler = traps.error {
      let ends = run(handler, behind: exits.failure, failed: true)
      exits.failure = ends.failure
      exits.success += ends.success
    }
    guard let handler = traps.exit else { return exits }
    let afterSuccess = run(handler, behind: exits.success, failed: false)
    let afterFailure = run(handler, behind: exits.failure, failed: true)
    exits.success = afterSuccess.success + afterFailure.success
    exits.failure = afterSuccess.failure + afterFailure.failure
    return exits
  }

  private mutating func run(
    _ handler: ShellTraps.Handler, behind ends: [LooseEnd], failed: Bool
  ) -> (success: [LooseEnd], failure: [LooseEnd]) {
    guard !ends.isEmpty else { return ([], []) }
    source = handler.source
    source.script = handler.script
    current = ends
    scopes = [ShellScope(kind: .script)]
    conditionDepth = 0
    loops = []
    lastOutcome = nil
    endStatus = .constant(!failed)
    let outcome = settle(runList(handler.script.commands))
    // The script ends as it would have without its handler, unless that says otherwise.
    let through = outcome.all
    return (
      scopes[0].success + (failed ? [] : through), scopes[0].failure + (failed ? through : [])
    )
  }

  /// A script that stands in a word as it is written.
  func script(in word: ShellWord, substitutions: [ByteRange]? = nil) -> ShellScript? {
    let bytes = source.bytes
    guard word.range.start < word.range.end, word.range.end <= bytes.count else { return nil }
    let quote = bytes[word.range.start]
    var inside = word.range
    if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      inside = ByteRange(word.range.start + 1, word.range.end - 1)
      guard inside.start < inside.end, bytes[inside.end] == quote,
        !bytes[inside.start..<inside.end].contains(quote),
        quote == UInt8(ascii: "'") || !bytes[inside.start..<inside.end].contains(UInt8(ascii: "\\"))
      else { return nil }
    } else if word.bare == nil {
      return nil
    }
    return ShellParser.parse(
      source.text, in: inside,
      substitutions: substitutions ?? source.substitutions.map(\.range))
  }
}
