import SourceText
import Testing

@testable import Expressions

@Suite struct ShellParserTests {
  @Test func `a command's range is its own text`() {
    let text = "echo a # no\n  curl -f \\\n  x && true"
    let commands = ShellParser.parse(text).commands
    #expect(commands.count == 2)
    let last = commands.last?.range ?? ByteRange(0, 0)
    #expect(
      String(decoding: Array(text.utf8)[last.start..<last.end], as: UTF8.self)
        == "curl -f \\\n  x && true")
  }

  @Test func `here-documents end at their own word`() {
    let script = ShellParser.parse("cat <<A <<-'B'\none $X\nA\n\ttwo $X\n\tB\ndone_now\n")
    #expect(script.hereDocuments.count == 2)
    #expect(script.hereDocuments.first?.literal == nil)
    #expect(script.hereDocuments.last?.literal == "two $X\n")
    #expect(script.commands.count == 2)
  }

  @Test func `a line end inside a here-document's word belongs to the word`() {
    #expect(ShellParser.parse("<<$(w[\nx").hereDocuments.count == 1)
    #expect(ShellParser.parse("cat <<\"$(a\nb)\"\nbody\n").hereDocuments.count == 1)
  }

  @Test func `an engine's expression is one part wherever it stands`() {
    let text = "a ${{ x | y }}\"${{ x }}\"'${{ x }}'"
    var ranges: [ByteRange] = []
    let bytes = Array(text.utf8)
    for index in bytes.indices where bytes[index...].starts(with: "${{".utf8) {
      var end = index
      while !bytes[end...].starts(with: "}}".utf8) { end += 1 }
      ranges.append(ByteRange(index, end + 2))
    }
    let commands = ShellParser.parse(text, substitutions: ranges).commands
    guard case .simple(let simple)? = commands.first?.kind else {
      Issue.record("no simple command")
      return
    }
    #expect(simple.words.count == 2)
    let holes = simple.words.last?.parts.count { part in
      if case .hole = part { true } else { false }
    }
    #expect(holes == 3)
  }
}
