import Findings

/// Colours by meaning; without colour every text stays as it is.
struct Palette {
  let isActive: Bool

  func severity(_ severity: Severity, _ text: String) -> String {
    switch severity {
    case .error: style("1;31", text)
    case .warning: style("1;33", text)
    case .note: style("1;36", text)
    }
  }

  func strong(_ text: String) -> String { style("1", text) }

  /// Line numbers, rails and arrows.
  func frame(_ text: String) -> String { style("1;34", text) }

  /// The stations before the last one.
  func station(_ text: String) -> String { style("34", text) }

  /// A line of a difference that goes.
  func removed(_ text: String) -> String { style("31", text) }

  /// A line of a difference that comes.
  func added(_ text: String) -> String { style("32", text) }

  private func style(_ code: String, _ text: String) -> String {
    isActive && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
