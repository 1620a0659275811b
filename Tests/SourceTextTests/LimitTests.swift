import Foundation
import SourceText
import TestSupport
import Testing

struct LimitTests {
  static let deepTexts: [(name: String, text: String)] = [
    ("brackets", String(repeating: "[", count: 10_000)),
    ("braces", String(repeating: "{a: ", count: 10_000)),
    ("JSON objects", String(repeating: "{\"a\":", count: 10_000)),
    ("dashes", String(repeating: "- ", count: 10_000) + "x"),
    ("question marks", String(repeating: "? ", count: 10_000) + "x"),
    (
      "closed brackets",
      String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    ),
    ("steps", (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
  ]

  @Test(arguments: deepTexts.map(\.name))
  func `nesting past the limit is a located problem on a small stack`(name: String) throws {
    let text = try #require(Self.deepTexts.first { $0.name == name }?.text)
    let file = SourceFile(path: "a", bytes: Array(text.utf8))
    for read in [YAMLReader.read(_:), JSONReader.read(_:)] as [@Sendable (SourceFile) -> SourceTree]
    {
      let tree = try onSmallStack { read(file) }
      #expect(!tree.problems.isEmpty)
    }
    let problems = YAMLReader.read(file).problems
    #expect(problems.contains { $0.message.contains("nested deeper than \(Limits.nesting)") })
    #expect(problems.count <= 2)
  }

  /// Runs `work` on a thread with 512 kB of stack, as macOS gives every thread but the first.
  private func onSmallStack(_ work: @escaping @Sendable () -> SourceTree) throws -> SourceTree {
    final class Box: @unchecked Sendable { var tree: SourceTree? }
    let box = Box()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      box.tree = work()
      done.signal()
    }
    #if DEBUG
      // Unoptimised frames are several times as large.
      thread.stackSize = 2 << 20
    #else
      thread.stackSize = 512 << 10
    #endif
    thread.start()
    done.wait()
    return try #require(box.tree)
  }

  @Test func `aliases cannot expand past the limit`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let tree = yaml(text)
    #expect(tree.problems.count { $0.message.contains("stand for more than") } == 1)
    func visits(_ node: Node) -> Int {
      node.items.reduce(1) { $0 + visits($1) } + node.entries.reduce(0) { $0 + visits($1.value) }
    }
    let count = tree.documents.reduce(0) { $0 + visits($1) }
    #expect(count <= Limits.expandedNodes + 10_000)
  }

  static let longTexts: [(name: String, text: String)] = [
    ("folded lines", "a: >\n" + String(repeating: "  some words of text\n", count: 100_000)),
    ("plain lines", "a: x\n" + String(repeating: "  some words\n", count: 100_000)),
    ("quoted lines", "a: \"x\n" + String(repeating: "  some words\n", count: 100_000) + "  \"\n"),
    ("keys", (0..<50_000).map { "key\($0): v\n" }.joined()),
    ("empty lines", "a: b\n" + String(repeating: "\n", count: 300_000) + "c: d\n"),
    ("comments", "a:\n" + String(repeating: "  # comment\n", count: 100_000) + "  b: c\n"),
    ("one line", "a: \"" + String(repeating: "x\\n", count: 50_000) + "\"\n"),
    ("unclosed quotes", String(repeating: "- 'a\n", count: 30_000)),
    ("unclosed brackets", String(repeating: "- [a\n", count: 30_000)),
    ("unclosed root quotes", String(repeating: "\"a ''\n", count: 30_001)),
    ("garbage", String(repeating: "x\n", count: 30_000) + "a: b\n"),
    ("templates", String(repeating: "- {{ a\n", count: 30_000)),
    ("JSON breaks", "[" + String(repeating: "\"a\n", count: 30_001)),
    ("JSON escapes", String(repeating: "\\\"\n", count: 30_001)),
    ("unclosed tags", String(repeating: "<a b='\n", count: 30_001)),
    ("unclosed elements", String(repeating: "<a>x &amp y ", count: 30_001)),
    ("unclosed comments", "<a>" + String(repeating: "<!-- -- <![CDATA[ ]] &a;", count: 30_001)),
  ]

  @Test(arguments: longTexts.map(\.name))
  func `long files are read in time that grows with their length`(name: String) throws {
    let text = try #require(Self.longTexts.first { $0.name == name }?.text)
    let file = SourceFile(path: "a", bytes: Array(text.utf8))
    let time = CPUTime.measure {
      _ = YAMLReader.read(file)
      _ = JSONReader.read(file)
      _ = XMLReader.read(file)
    }
    // Quadratic reading would take minutes; a debug build on a busy machine gets by with seconds.
    #expect(time < .seconds(20), "\(time)")
  }
}
