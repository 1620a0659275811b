import SourceText

/// What the processes of a file share: messages, errors, interfaces by their identifiers.
struct BPMNDefinitions {
  /// Names of messages, signals, errors and escalations.
  private(set) var names: [String: String] = [:]
  /// `Interface.operation` by the operation's identifier.
  private(set) var operations: [String: String] = [:]

  init(_ definitions: XMLElement) {
    for element in definitions.children {
      guard let id = element.attribute("id")?.text else { continue }
      switch element.name {
      case "message", "signal", "error", "escalation":
        names[id] =
          element.attribute("name")?.text ?? element.attribute("errorCode")?.text ?? id
      case "interface":
        let interface =
          element.attribute("implementationRef")?.text ?? element.attribute("name")?.text ?? id
        for operation in element.children(named: "operation") {
          guard let id = operation.attribute("id")?.text else { continue }
          let name =
            operation.attribute("implementationRef")?.text ?? operation.attribute("name")?.text
          operations[id] = interface + "." + (name ?? id)
        }
      default: break
      }
    }
  }
}

/// A node of a process: an activity, an event or a gateway.
struct BPMNNode {
  var id: String
  /// The element's name: `serviceTask`, `exclusiveGateway`.
  var kind: String
  var element: XMLElement

  init?(_ element: XMLElement) {
    guard let id = element.attribute("id")?.text else { return nil }
    self.id = id
    self.element = element
    kind = element.name
  }

  /// What people call it.
  var title: String {
    let written = element.attribute("name")?.text ?? ""
    if Self.isOneLine(written) { return written }
    let name = written.split(whereSeparator: \.isWhitespace)
    return name.isEmpty ? id : name.joined(separator: " ")
  }

  /// Whether a name is ASCII with single spaces between its words, as most are.
  private static func isOneLine(_ name: String) -> Bool {
    var before = UInt8(ascii: " ")
    for byte in name.utf8 {
      if byte < UInt8(ascii: " ") || byte >= 0x7F || (byte == UInt8(ascii: " ") && before == byte) {
        return false
      }
      before = byte
    }
    return before != UInt8(ascii: " ")
  }

  /// Where people look for it.
  var place: ByteRange {
    if let name = element.attribute("name"), name.text?.isEmpty == false { return name.range }
    return element.attribute("id")?.range ?? element.place
  }

  /// The definition that says what kind of event it is: `timer`, `message`, `error`; `nil` for a plain one.
  var event: (kind: String, element: XMLElement)? {
    for child in element.children where child.name.hasSuffix("EventDefinition") {
      return (String(child.name.dropLast("EventDefinition".count)), child)
    }
    return nil
  }
}

/// A sequence flow.
struct BPMNFlow {
  var id: String
  var from: String
  var to: String
  var element: XMLElement
  var condition: XMLElement? { element.child("conditionExpression") }
}

/// The nodes and flows that stand directly in a process or a sub-process.
struct BPMNScope {
  private(set) var nodes: [BPMNNode] = []
  private(set) var flows: [BPMNFlow] = []
  private(set) var outgoing: [String: [BPMNFlow]] = [:]
  private(set) var incoming: [String: Int] = [:]
  /// Ends of flows that name no node here.
  private(set) var lostEnds: [(text: String, place: Node)] = []

  private static let nodeKinds: Set<String> = [
    "task", "serviceTask", "userTask", "manualTask", "scriptTask", "sendTask", "receiveTask",
    "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway",
    "complexGateway", "callChoreography", "choreographyTask",
  ]

  init(_ element: XMLElement) {
    let children = element.children
    nodes = children.filter { Self.nodeKinds.contains($0.name) }.compactMap { BPMNNode($0) }
    let known = Set(nodes.map(\.id))
    for child in children where child.name == "sequenceFlow" {
      guard let from = child.attribute("sourceRef"), let to = child.attribute("targetRef"),
        let source = from.text, let target = to.text
      else { continue }
      guard known.contains(source), known.contains(target) else {
        let lost = known.contains(source) ? to : from
        lostEnds.append((lost.text ?? "", lost))
        continue
      }
      let flow = BPMNFlow(
        id: child.attribute("id")?.text ?? "", from: source, to: target, element: child)
      flows.append(flow)
      outgoing[source, default: []].append(flow)
      incoming[target, default: 0] += 1
    }
  }
}
