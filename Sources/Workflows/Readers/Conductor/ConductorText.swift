import Expressions
import SourceText

/// Reads parameters: texts in which `${task.output.path}` stands for data, and scripts that see them as `$`.
struct ConductorText {
  let path: String
  /// Whether somebody asks what the texts compute.
  let isAsked: Bool

  static func output(of reference: String) -> Variable { Variable("output:\(reference)") }

  static let input = Variable("workflow.input")
  static let variables = Variable("workflow.variables")

  func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  var tree: ParameterTree { ParameterTree(path: path, isAsked: isAsked, scalar: value) }

  func value(_ node: Node) -> Value {
    guard isAsked else { return .unknown([]) }
    guard let text = node.text, text.utf8.contains(UInt8(ascii: "$")) else {
      return .literal(node.text ?? "")
    }
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "${", quotes: "'", escapes: false)
    func value(_ hole: TextHoles.Hole) -> Value {
      reference(
        bytes, hole.code,
        at: SourceLocation(path: path, range: node.fileRange(ofText: hole.whole)))
    }
    if holes.isEmpty { return .literal(text) }
    if holes[0].whole == ByteRange(0, bytes.count) { return value(holes[0]) }
    return .template(
      TextHoles.parts(of: bytes, around: holes.map(\.whole)) { .text(value(holes[$0]), null: "") })
  }

  /// The read that a path such as `task.output.response.body['x'][0]` is.
  private func reference(_ bytes: [UInt8], _ code: ByteRange, at place: SourceLocation) -> Value {
    var names: [PathComponent] = []
    if var expression = CallParser.parse(bytes, in: code, .path) {
      chain: while true {
        switch expression.form {
        case .member(let base, let name):
          names.append(.field(name))
          expression = base
        case .index(let base, let key):
          switch key.form {
          case .text(let name): names.append(.field(name))
          case .number(let digits): names.append(Int(digits).map(PathComponent.index) ?? .some)
          default: names.append(.some)
          }
          expression = base
        case .name(let name):
          names.append(.field(name))
          break chain
        default: return .unknown([])
        }
      }
      names.reverse()
    } else {
      let text = String(decoding: bytes[code.start..<code.end], as: UTF8.self)
      names = text.split { ".[]'\"".contains($0) }.map { .field(String($0)) }
    }
    guard case .field(let root)? = names.first else { return .unknown([]) }
    let rest = Array(names.dropFirst(2))
    func read(_ variable: Variable, _ path: [PathComponent]) -> Value {
      .reference(Reference(variable, path: path, at: place))
    }
    switch (root, names.count > 1 ? names[1] : nil) {
    case ("workflow", .field("input")): return read(Self.input, rest)
    case ("workflow", .field("variables")): return read(Self.variables, rest)
    case ("workflow", _): return read(Variable("workflow"), Array(names.dropFirst()))
    case (_, .field("output")): return read(Self.output(of: root), rest)
    case (_, .field("input")): return read(Variable("input:\(root)"), rest)
    default: return read(Variable("task:\(root)"), Array(names.dropFirst()))
    }
  }

  // MARK: Scripts

  /// What a script computes from `$`, whose fields are the task's parameters.
  ///
  /// A field that is no parameter may be a task, and reads what that has given: so in loops, and in switches as some
  /// servers evaluate them.
  func completion(
    of script: Node, parameters: Node?, isTask: @escaping (String) -> Bool = { _ in false }
  ) -> Value {
    guard isAsked else { return .unknown([]) }
    let bytes = Array((script.text ?? "").utf8)
    let tree = tree
    let path = path
    let scope = JavaScriptScope(
      resolve: { name, links, place in
        guard name == "$", let field = links.first?.field else { return nil }
        if let node = parameters?[field] {
          return JavaScriptResolution(tree.value(node).at(place), used: 1)
        }
        guard isTask(field) else { return JavaScriptResolution(.null, used: 1) }
        let isOutput = links.dropFirst().first?.field == "output"
        return JavaScriptResolution(
          .reference(Reference(Self.output(of: field), at: place)), used: isOutput ? 2 : 1)
      },
      locate: { SourceLocation(path: path, range: script.fileRange(ofText: $0)) })
    return JavaScriptCompletion.value(
      of: bytes, in: ByteRange(0, bytes.count), scope: scope)
  }
}

extension Value {
  /// A plain read, said to stand at another place.
  fileprivate func at(_ place: SourceLocation) -> Value {
    guard case .reference(var reference) = self else { return self }
    reference.location = place
    return .reference(reference)
  }
}
