import Rules
import Workflows

/// Reads a call's arguments by the names that integrations give them.
struct ArgumentReader {
  let call: Call
  let model: StepModel

  /// Names that say where or how, not what: they carry no consumption.
  private static let circumstances: Set<String> = ["key", "age", "to", "label"]

  /// The arguments of a name; for `nil` everything that the step's effect takes in.
  func arguments(for name: String?, roles: Set<Role>) -> [Call.Argument] {
    let matcher = CallMatcher(call)
    let entries = model.entries.filter { !roles.isDisjoint(with: $0.roles) }
    if let name {
      let paths = entries.flatMap { $0.arguments[name] ?? [] }
      return paths.isEmpty && model.entries.isEmpty
        ? matcher.arguments(named: name) : unique(paths.flatMap(matcher.arguments))
    }
    var found: [Call.Argument] = []
    for entry in entries {
      let paths = entry.arguments.filter { !Self.circumstances.contains($0.key) }
        .sorted { $0.key < $1.key }.flatMap(\.value)
      if entry.arguments.isEmpty {
        found += call.arguments
        if let body = call.http?.body { found.append(.init("body", body, at: call.location)) }
      } else {
        found += paths.flatMap(matcher.arguments)
      }
    }
    return unique(found)
  }

  /// The arguments a document means: an integration's name, or a path or field of the call itself.
  func any(_ name: String?) -> [Call.Argument] {
    let matcher = CallMatcher(call)
    guard let name else {
      let body = call.http?.body.map { [Call.Argument("body", $0, at: call.location)] } ?? []
      return call.arguments + body
    }
    let paths = model.entries.flatMap { $0.arguments[name] ?? [] }
    return paths.isEmpty ? matcher.arguments(named: name) : unique(paths.flatMap(matcher.arguments))
  }

  private func unique(_ arguments: [Call.Argument]) -> [Call.Argument] {
    var result: [Call.Argument] = []
    for argument in arguments
    where !result.contains(where: { $0.name == argument.name && $0.value == argument.value }) {
      result.append(argument)
    }
    return result
  }
}
