import Expressions

/// How rules of a Choice state ask for a proof, in the language of the state that they stand before.
struct StateProofText {
  private let language: QueryLanguage
  /// The nested machine's place in routes: `States.Fan.Branches[0].`, or nothing.
  private let scope: String

  /// Where a state's input is read from.
  var input: String { language == .jsonata ? "$states.input" : "$" }

  init(step: Step, name: String? = nil, language: QueryLanguage? = nil) {
    self.language = language ?? step.language.flatMap(QueryLanguage.init(rawValue:)) ?? .jsonPath
    let place = step.route.lastRange(of: "States.\(name ?? step.name)")
    scope = place.map { String(step.route[..<$0.lowerBound]) } ?? ""
  }

  /// How a rule asks for the proof.
  struct ProofTest {
    /// The place as a person reads it.
    var text: String
    var rule: [(String, InsertedText)]
  }

  /// The rule that something is there and not null.
  func presence(of text: String) -> [(String, InsertedText)] {
    if language == .jsonata {
      return [("Condition", .text("{% $exists(\(text)) and \(text) != null %}"))]
    }
    func test(_ operation: String, _ holds: Bool) -> InsertedText {
      .record([("Variable", .text(text)), (operation, .boolean(holds))])
    }
    return [("And", .list([test("IsPresent", true), test("IsNull", false)]))]
  }

  func test(of place: ProofPlace) -> ProofTest? {
    guard let root = root(of: place.variable) else { return nil }
    let path = place.path(wrapped: Self.envelope)
    switch language {
    case .jsonPath:
      guard let text = Self.jsonPath(path, from: root) else { return nil }
      return ProofTest(text: text, rule: presence(of: text))
    case .jsonata:
      guard let text = Self.jsonata(path, from: root == "$" ? "$states.input" : root) else {
        return nil
      }
      return ProofTest(text: text, rule: presence(of: text))
    }
  }

  /// The state's input, or a workflow variable of this machine or one around it.
  private func root(of variable: Variable) -> String? {
    guard let dollar = variable.name.lastIndex(of: "$") else { return nil }
    let machine = variable.name[..<dollar]
    let root = String(variable.name[dollar...])
    return root == "$" ? (machine == scope ? root : nil) : (scope.hasPrefix(machine) ? root : nil)
  }

  /// What an integration wraps the answer of what it calls in.
  private static func envelope(of call: Call) -> [PathComponent] {
    let name = call.name
    if name.hasSuffix(":states:::http:invoke") || name.hasSuffix(":states:::apigateway:invoke") {
      return [.field("ResponseBody")]
    }
    if name.hasSuffix(":states:::lambda:invoke") { return [.field("Payload")] }
    if name.hasSuffix(":states:::states:startExecution.sync:2") { return [.field("Output")] }
    return []
  }

  private static func jsonPath(_ path: [PathComponent], from root: String) -> String? {
    var text = root
    for component in path {
      switch component {
      case .field(let name) where isName(name): text += ".\(name)"
      case .field(let name):
        if name.contains("'") || name.contains("\\") { return nil }
        text += "['\(name)']"
      case .index(let index): text += "[\(index)]"
      case .every, .element, .some: return nil
      }
    }
    return text
  }

  private static func jsonata(_ path: [PathComponent], from root: String) -> String? {
    var text = root
    for component in path {
      switch component {
      case .field(let name) where isName(name): text += ".\(name)"
      case .field(let name):
        if name.contains("`") { return nil }
        text += ".`\(name)`"
      case .index(let index): text += "[\(index)]"
      case .every, .element, .some: return nil
      }
    }
    return text
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5f
    }
  }
}

extension String {
  /// Where a text stands for the last time.
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    var index = endIndex
    while true {
      if self[index...].hasPrefix(text) {
        return index..<self.index(index, offsetBy: text.count)
      }
      if index == startIndex { return nil }
      index = self.index(before: index)
    }
  }
}
