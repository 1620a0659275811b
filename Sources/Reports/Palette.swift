import Findings

/// Colours by meaning; without colour every text stays as it is.
struct Palette {
  let isActive: Bool

  /// What a text is.
  enum Style {
    case severity(Severity)
    case strong
    /// Line numbers, rails and arrows.
    case frame
    /// The stations before the last one.
    case station
    /// A line of a difference that goes.
    case removed
    /// A line of a difference that comes.
    case added

    fileprivate var code: String {
      switch self {
      case .severity(.error): "1;31"
      case .severity(.warning): "1;33"
      case .severity(.note): "1;36"
      case .strong: "1"
      case .frame: "1;34"
      case .station: "34"
      case .removed: "31"
      case .added: "32"
      }
    }
  }

  func text(_ text: String, in style: Style) -> String {
    guard isActive, !text.isEmpty else { return text }
    var bytes: [UInt8] = []
    begin(style, &bytes)
    bytes += text.utf8
    end(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func strong(_ text: String) -> String { self.text(text, in: .strong) }

  func begin(_ style: Style, _ bytes: inout [UInt8]) { bytes += "\u{1b}[\(style.code)m".utf8 }

  func end(_ bytes: inout [UInt8]) { bytes += "\u{1b}[0m".utf8 }
}
