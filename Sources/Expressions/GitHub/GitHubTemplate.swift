package import SourceText

/// A text with `${{ }}` expressions in it, cut into its parts.
package struct GitHubTemplate: Sendable {
  package var parts: [Part]

  package enum Part: Sendable {
    case literal(String)
    /// An expression; the range covers its `${{` and `}}` too.
    case expression(Result<GitHubExpression, GitHubExpressionError>, ByteRange)
  }

  /// Cuts `text` at its expressions; an unclosed one reaches to the end.
  package init(_ text: String) {
    parts = []
    // Most texts are nothing but text.
    if !text.holds("${{") {
      if !text.isEmpty { parts.append(.literal(text)) }
      return
    }
    let bytes = Array(text.utf8)
    var literalStart = 0
    var offset = 0
    while offset + 2 < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$"), bytes[offset + 1] == UInt8(ascii: "{"),
        bytes[offset + 2] == UInt8(ascii: "{")
      else {
        offset += 1
        continue
      }
      append(bytes[literalStart..<offset])
      let close = Self.close(in: bytes, after: offset + 3)
      let inner = ByteRange(offset + 3, close ?? bytes.count)
      let whole = ByteRange(offset, close.map { $0 + 2 } ?? bytes.count)
      if close == nil {
        let error = GitHubExpressionError(
          "this expression is never closed", hint: "close it with `}}`", at: whole)
        parts.append(.expression(.failure(error), whole))
      } else {
        parts.append(.expression(Self.parse(bytes, inner), whole))
      }
      offset = whole.end
      literalStart = offset
    }
    append(bytes[literalStart...])
  }

  /// The expression that is the whole text.
  package var onlyExpression: Result<GitHubExpression, GitHubExpressionError>? {
    guard parts.count == 1, case .expression(let expression, _) = parts[0] else { return nil }
    return expression
  }

  package var hasExpressions: Bool {
    parts.contains { if case .expression = $0 { true } else { false } }
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return }
    parts.append(.literal(String(decoding: bytes, as: UTF8.self)))
  }

  private static func parse(
    _ bytes: [UInt8], _ range: ByteRange
  ) -> Result<GitHubExpression, GitHubExpressionError> {
    do throws(GitHubExpressionError) {
      return .success(try GitHubExpressionParser.parse(bytes, in: range))
    } catch {
      return .failure(error)
    }
  }

  /// Where the `}}` stands that closes an expression: not one inside its text literals.
  private static func close(in bytes: [UInt8], after start: Int) -> Int? {
    var offset = start
    var isText = false
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "'") {
        isText.toggle()
      } else if !isText, bytes[offset] == UInt8(ascii: "}"), offset + 1 < bytes.count,
        bytes[offset + 1] == UInt8(ascii: "}")
      {
        return offset
      }
      offset += 1
    }
    return nil
  }
}
