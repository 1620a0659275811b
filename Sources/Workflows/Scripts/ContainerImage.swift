import Expressions

/// The container image that something runs in, where its name is known.
///
/// It is a step before whatever runs in it: whoever moves the name decides what those steps do.
struct ContainerImage {
  private let name: String
  private let location: SourceLocation

  /// - Returns: `nil` where the name is put together at run time.
  init?(_ name: Value, at location: SourceLocation) {
    guard let text = Self.text(of: name), !text.isEmpty else { return nil }
    self.name = text
    self.location = location
  }

  private static func text(of value: Value) -> String? {
    switch value {
    case .literal(let text): return text
    case .text(let inner, _): return Self.text(of: inner)
    case .template(let parts):
      let texts = parts.compactMap(Self.text)
      return texts.count == parts.count ? texts.joined() : nil
    default: return nil
    }
  }

  /// - Parameters:
  ///   - name: the user's step that runs in it; the image itself where it stands for several.
  ///   - route: that step's route.
  ///   - number: which of the step's images it is, from 0.
  /// - Returns: the step, with the image as its call.
  func step(named name: String? = nil, route: String, number: Int = 0) -> Step {
    var call = Call(kind: "container", name: self.name, location: location)
    if let mark = self.name.firstIndex(of: "@") {
      let digest = String(self.name[self.name.index(after: mark)...])
      call.arguments.append(Call.Argument("digest", .literal(digest), at: location))
    }
    // Its parts are the commands that run in it.
    return Step(
      name: name ?? self.name, route: route, part: name == nil ? 0 : -1 - number, call: call,
      location: location)
  }
}
