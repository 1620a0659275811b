/// A field's name as protocols compare it: `cert_hash`, `certHash` and `Cert-Hash` are one.
package struct KeyName: Sendable, Hashable {
  private let folded: String

  package init(_ name: some StringProtocol) { folded = Self.folded(name) }

  /// The name without case, `-` and `_`.
  package static func folded(_ name: some StringProtocol) -> String {
    String(
      String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { $0 != "-" && $0 != "_" }))
  }

  /// Whether two names are one.
  package static func same(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    folded(left) == folded(right)
  }
}
