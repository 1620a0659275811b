package import SourceText

/// Reads BPMN 2.0: processes as Camunda 7 and 8, jBPM and Kogito run them, and plain diagrams.
package enum BPMNReader: WorkflowReader {
  package static let engine = "bpmn"

  /// The namespace of the model; prefixes differ from tool to tool.
  static let namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
  /// The namespace of drawings: where shapes lie, which is most of most files and says nothing of the flow.
  static let drawings = "http://www.omg.org/spec/BPMN/20100524/DI"

  package static func recognises(_ root: Node, path: String) -> Bool {
    guard let element = XMLElement(root) else { return false }
    return element.name == "definitions" && element.namespace == namespace
  }

  package static func expects(path: String) -> Bool {
    path.hasSuffix(".bpmn") || path.hasSuffix(".bpmn2")
  }

  /// How far into a file its root element is looked for.
  private static let headBytes = 1 << 16
  private static let mark = BytePattern(Array("BPMN/20100524/MODEL".utf8))

  /// Whether XML can be BPMN at all: the namespace stands near the beginning of the file.
  package static func mayBeDefined(in bytes: [UInt8]) -> Bool {
    mark.isFound(in: bytes, upTo: headBytes)
  }

  /// Of activities that run other processes: what else stands in a process is no problem by itself.
  private static let includes = [BytePattern(Array("callActivity".utf8))]

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    guard let definitions = XMLElement(root) else { return WorkflowReading() }
    var reading = WorkflowReading()
    let shared = BPMNDefinitions(definitions)
    let isPassedOver = context.passesOver(unlessItHas: includes)
    for process in definitions.children(named: "process") {
      let scope = BPMNScope(process)
      guard !scope.nodes.isEmpty else { continue }
      if isPassedOver {
        reading.workflows.append(
          Workflow(
            engine: engine, name: process.attribute("name")?.text ?? "", path: context.file.path))
        continue
      }
      var lowering = BPMNLowering(process, in: shared, context)
      reading.workflows.append(lowering.lower(scope))
    }
    return reading
  }
}
