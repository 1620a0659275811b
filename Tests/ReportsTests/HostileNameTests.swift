import Findings
import Foundation
import Reports
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Names cannot break out of a report")
struct HostileNameTests {
  private func text(_ format: ReportFormat, _ name: String) -> String {
    var context = SyntheticFindings.context
    context.includesSuppressed = true
    return String(decoding: format.render(HostileNames.outcome(name), in: context), as: UTF8.self)
  }

  @Test(arguments: HostileNames.all)
  func `reports for people hide nothing`(_ name: String) {
    for format in [
      ReportFormat.text, .github, .junit, .checkstyle, .markdown, .gitlab, .rdjson, .sonarqube,
    ] where format != .gitlab || !name.isEmpty {
      let hiding = text(format, name).unicodeScalars.filter(HostileNames.isHiding)
      // Paths must stay what they are where a program looks for the file.
      if [.gitlab, .rdjson, .sonarqube].contains(format) { continue }
      #expect(hiding.isEmpty, "\(format.rawValue): \(hiding.map(\.value))")
    }
  }

  @Test(arguments: HostileNames.all)
  func `JSON stays JSON`(_ name: String) throws {
    for format in [ReportFormat.json, .sarif, .gitlab, .rdjson, .sonarqube] {
      _ = try JSONSerialization.jsonObject(with: Data(text(format, name).utf8))
    }
    #expect(text(.jsonl, name).split(separator: "\n").count == 1)
  }

  @Test(arguments: HostileNames.all)
  func `XML stays XML, and says the name`(_ name: String) {
    for format in [ReportFormat.junit, .checkstyle] {
      let parser = XMLParser(data: Data(text(format, name).utf8))
      let recorder = AttributeRecorder()
      parser.delegate = recorder
      #expect(parser.parse(), "\(format.rawValue): \(parser.parserError as Any)")
      #expect(recorder.elements.isSubset(of: Self.elements))
      let isPlain =
        !name.isEmpty
        && name.unicodeScalars.allSatisfy {
          $0.value >= 0x20 && !HostileNames.isHiding($0) && $0.value < 0xe000
        }
      if isPlain { #expect(recorder.values.contains { $0.contains(name) }) }
    }
  }

  private static let elements: Set<String> = [
    "testsuites", "testsuite", "testcase", "failure", "skipped", "checkstyle", "file", "error",
  ]

  @Test(arguments: HostileNames.all)
  func `an annotation stays one command on one line`(_ name: String) {
    let lines = text(.github, name).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("::error file=") == true)
    let properties = lines.first?.dropFirst(2).firstRange(of: "::").map {
      lines[0][..<$0.lowerBound]
    }
    #expect(properties?.split(separator: ",").allSatisfy { $0.contains("=") } == true)
  }

  @Test(arguments: HostileNames.all)
  func `Markdown holds no HTML but its own`(_ name: String) {
    let text = text(.markdown, name)
    // Code is shown as it stands; what is left outside of it must be ours.
    let outside = Self.withoutCode(text)
    let tags = outside.matches(of: /<[^>]*>/).map { String(outside[$0.range]) }
    let own: Set<String> = [
      "<details>", "<details open>", "</details>", "<summary>", "</summary>", "<code>", "</code>",
      "<br>", "<!-- -->",
    ]
    #expect(Set(tags).isSubset(of: own), "\(tags)")
    let unlinked = outside.replacing(/<code>.*<\/code>/, with: "").replacing("\\]", with: "]!")
    #expect(!unlinked.contains("](javascript:"))
    #expect(!unlinked.replacing(/\]\([^)]*\)/, with: "").contains("@everyone"))
  }

  private static func withoutCode(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let tick = rest.firstIndex(of: "`") {
      if tick > rest.startIndex, rest[rest.index(before: tick)] == "\\" {
        result += rest[...tick]
        rest = rest[rest.index(after: tick)...]
        continue
      }
      result += rest[..<tick]
      let fence = rest[tick...].prefix { $0 == "`" }
      rest = rest[fence.endIndex...]
      guard let close = Self.closing(String(fence), in: rest) else { return result + rest }
      rest = rest[close...]
    }
    return result + rest
  }

  private static func closing(_ fence: String, in text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == "`" else {
        index = text.index(after: index)
        continue
      }
      let run = text[index...].prefix { $0 == "`" }
      if run.count == fence.count { return run.endIndex }
      index = run.endIndex
    }
    return nil
  }
}

private final class AttributeRecorder: NSObject, XMLParserDelegate {
  var values: [String] = []
  var elements: Set<String> = []

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName qName: String?, attributes attributeDict: [String: String] = [:]
  ) {
    elements.insert(elementName)
    values += attributeDict.values
  }
}
