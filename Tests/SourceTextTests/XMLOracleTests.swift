#if canImport(FoundationXML)
  import Foundation
  import FoundationXML
  import SourceText
  import TestSupport
  import Testing

  /// libxml2 sees the same elements, attributes and texts in the public files.
  struct XMLOracleTests {
    static let files: [String] = {
      let root = URL(fileURLWithPath: Checkout.shared + "corpus")
      let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
      var files: [String] = []
      while let url = walk?.nextObject() as? URL {
        if ["bpmn", "bpmn2", "xml", "xes"].contains(url.pathExtension) { files.append(url.path) }
      }
      return files.sorted()
    }()

    @Test(.enabled(if: !files.isEmpty, "the public files are not beside this checkout"))
    func `libxml2 sees the same elements`() throws {
      for path in Self.files {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let tree = XMLReader.read(path: path, raw: Array(data))
        let oracle = OracleEvents()
        let parser = XMLParser(data: data)
        parser.shouldProcessNamespaces = true
        parser.delegate = oracle
        let isWellFormed = parser.parse()
        let isClean = !tree.problems.contains { $0.severity == .error }
        #expect(isWellFormed == isClean, "\(path) \(tree.problems.first.map(\.message) ?? "")")
        guard isWellFormed, isClean,
          let root = tree.documents.first.flatMap({ SourceText.XMLElement($0) })
        else { continue }
        var events: [String] = []
        list(root, into: &events)
        let difference = zip(events, oracle.events).first { $0 != $1 }
        #expect(difference == nil, "\(path)")
        #expect(events.count == oracle.events.count, "\(path)")
      }
    }

    private func list(_ element: SourceText.XMLElement, into events: inout [String]) {
      var attributes: [String] = []
      for entry in element.node.entries {
        guard let key = entry.key.text, key.hasPrefix("@"), !key.hasPrefix("@xmlns") else {
          continue
        }
        let name = key.split(separator: "}").last ?? key[...]
        attributes.append(
          (name.hasPrefix("@") ? name.dropFirst() : name) + "=" + (entry.value.text ?? ""))
      }
      let children = element.children
      let text = children.isEmpty ? element.text?.text ?? "" : ""
      events.append("{\(element.namespace)}\(element.name) \(attributes.sorted()) \(text)")
      for child in children { list(child, into: &events) }
    }
  }

  private final class OracleEvents: NSObject, XMLParserDelegate {
    private(set) var events: [String] = []
    private var heads: [(index: Int, text: String, hasChildren: Bool)] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      if let parent = heads.indices.last { heads[parent].hasChildren = true }
      let listed = attributes.filter { !$0.key.hasPrefix("xmlns") }
        .map { ($0.key.split(separator: ":").last.map(String.init) ?? $0.key) + "=" + $0.value }
      heads.append((events.count, "", false))
      events.append("{\(namespaceURI ?? "")}\(name) \(listed.sorted())")
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if let current = heads.indices.last { heads[current].text += string }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
      if let current = heads.indices.last {
        heads[current].text += String(decoding: block, as: UTF8.self)
      }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      guard let head = heads.popLast() else { return }
      let text = head.text.trimmingCharacters(in: .init(charactersIn: " \t\r\n"))
      events[head.index] += " " + (head.hasChildren ? "" : text)
    }
  }
#endif
