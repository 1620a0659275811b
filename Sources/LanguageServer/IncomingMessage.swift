import SourceText

/// A message of JSON-RPC 2.0 as a client sends it.
enum IncomingMessage: Sendable {
  case request(id: RequestID, method: String, parameters: Node?)
  case notification(method: String, parameters: Node?)
  /// The answer to a request of ours.
  case response
  /// JSON that is no message; `id` where it can be told whom to answer.
  case invalid(id: RequestID?, reason: String)
  /// No JSON.
  case unreadable(reason: String)

  init(_ bytes: [UInt8]) {
    let tree = JSONReader.read(SourceFile(path: "message.json", bytes: bytes))
    // Our reader forgives what people write by hand; programs have no excuse.
    if let problem = tree.problems.first {
      self = .unreadable(reason: problem.message)
      return
    }
    guard tree.comments.isEmpty, let root = tree.documents.first, tree.documents.count == 1 else {
      self = .unreadable(reason: "The message is not one JSON value.")
      return
    }
    guard case .mapping = root.content else {
      self = .invalid(id: nil, reason: "a message is one object; there are no batches here")
      return
    }
    let id = root["id"].flatMap { RequestID($0) }
    guard let name = root["method"] else {
      let isResponse = root["result"] != nil || root["error"] != nil
      self = isResponse ? .response : .invalid(id: id, reason: "the message has no method")
      return
    }
    guard let method = name.string else {
      self = .invalid(id: id, reason: "the method is not a string")
      return
    }
    if let id {
      self = .request(id: id, method: method, parameters: root["params"])
    } else if root["id"] == nil {
      self = .notification(method: method, parameters: root["params"])
    } else {
      self = .invalid(id: nil, reason: "an id is a string or a number")
    }
  }
}

/// What a client calls its request.
enum RequestID: Sendable, Hashable {
  case number(String)
  case text(String)

  init?(_ node: Node) {
    guard case .scalar(let scalar) = node.content else { return nil }
    switch scalar.style {
    case .plain where scalar.text.first.map { $0 == "-" || $0.isNumber } == true:
      self = .number(scalar.text)
    case .doubleQuoted: self = .text(scalar.text)
    default: return nil
    }
  }
}

extension Node {
  /// The text of a JSON string.
  var string: String? {
    guard case .scalar(let scalar) = content, scalar.style == .doubleQuoted else { return nil }
    return scalar.text
  }

  /// A JSON number without a fraction.
  var integer: Int? {
    guard case .scalar(let scalar) = content, scalar.style == .plain else { return nil }
    return Int(scalar.text)
  }

  /// A JSON boolean.
  var boolean: Bool? {
    guard case .scalar(let scalar) = content, scalar.style == .plain else { return nil }
    return scalar.text == "true" ? true : scalar.text == "false" ? false : nil
  }

  /// The value behind a path of members: `at("textDocument", "uri")`.
  func at(_ names: String...) -> Node? {
    names.reduce(Optional(self)) { node, name in node?[name] }
  }
}
