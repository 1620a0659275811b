package import Findings
package import Rules
package import SourceText

/// Finds keys of a protocol that are written into a definition.
package struct SecretJudge: Sendable {
  private let rules: [Rule]
  private let patterns: [Pattern]
  /// What the keys begin with; empty where one may begin with anything.
  private let beginnings: [BytePattern]

  private struct Pattern: Sendable {
    var glob: Glob
    /// What stands before the first wildcard: looked for before anything is compared.
    var prefix: [UInt8]
    var protocolName: String
  }

  package init(rules: [Rule], protocols: [VerificationProtocol]) {
    self.rules = rules.filter { rule in
      if case .secret = rule.workflowCheck { true } else { false }
    }
    let patterns = protocols.flatMap { document in
      document.secrets.map { secret in
        Pattern(
          glob: Glob(secret), prefix: Array(secret.utf8.prefix { $0 != 0x2A && $0 != 0x3F }),
          protocolName: document.name)
      }
    }
    self.patterns = patterns
    let beginsAnyhow = patterns.contains { $0.prefix.isEmpty }
    beginnings = beginsAnyhow ? [] : Set(patterns.map(\.prefix)).map { BytePattern($0) }
  }

  /// The findings in one definition of an engine, in order.
  ///
  /// `locate` turns its ranges into lines and columns.
  package func judge(
    _ file: SourceFile, of engine: String, locate: (ByteRange) -> Location
  ) -> [Finding] {
    guard !rules.isEmpty else { return [] }
    return tokens(in: file.bytes).flatMap { range, pattern in
      rules.compactMap { rule in
        guard let severity = Severity(rule.severity) else { return nil }
        let fill: (String) -> String? = { $0 == "protocol" ? pattern.protocolName : nil }
        return Finding(
          rule: rule.id, name: rule.name, severity: severity,
          message: MessageTemplate(rule.message).filled(fill), location: locate(range),
          remedy: (rule.remedies[engine] ?? rule.remedies["default"])
            .map { MessageTemplate($0).filled(fill) },
          route: "secret", subject: pattern.protocolName)
      }
    }
  }

  private func tokens(in bytes: [UInt8]) -> [(ByteRange, Pattern)] {
    starts(in: bytes).compactMap { start in
      var end = start + 1
      while end < bytes.count, Self.isTokenByte[Int(bytes[end])] { end += 1 }
      return pattern(for: bytes[start..<end]).map { (ByteRange(start, end), $0) }
    }
  }

  /// Where a word begins that may be a key, in order.
  private func starts(in bytes: [UInt8]) -> [Int] {
    func beginsWord(_ start: Int) -> Bool {
      Self.isTokenByte[Int(bytes[start])]
        && (start == 0 || !Self.isTokenByte[Int(bytes[start - 1])])
    }
    if beginnings.isEmpty { return patterns.isEmpty ? [] : bytes.indices.filter(beginsWord) }
    var found: Set<Int> = []
    for beginning in beginnings {
      var place = 0
      while let start = beginning.first(in: bytes, from: place) {
        if beginsWord(start) { found.insert(start) }
        place = start + 1
      }
    }
    return found.sorted()
  }

  private func pattern(for token: ArraySlice<UInt8>) -> Pattern? {
    guard let pattern = patterns.first(where: { token.starts(with: $0.prefix) }),
      Self.looksRandom(token.dropFirst(pattern.prefix.count)),
      pattern.glob.matches(String(decoding: token, as: UTF8.self))
    else { return nil }
    return pattern
  }

  /// A key mixes digits with letters; `mk_verify_xxxxxxxxxxxxxxxx` and `sb-some-long-class-name` are not keys.
  private static func looksRandom(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.count { $0 >= 0x30 && $0 <= 0x39 }
    return digits >= 3 && digits < bytes.count && Set(bytes).count >= 8
  }

  private static let isTokenByte: [Bool] = (0...UInt8.max).map { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
    default: false
    }
  }
}
