import Expressions
import SourceText
import Testing

@testable import Analysis

@Suite struct UnfoldedTestTests {
  private static let place = SourceLocation(path: "", range: ByteRange(0, 0))

  /// `(a1 || a0 || 'none') == ''`.
  private func chain(of length: Int) -> Expressions.Test {
    var value = Value.literal("none")
    for index in 0..<length {
      let read = Value.reference(Reference(Variable("a\(index)"), at: Self.place))
      value = .either(read, orElse: value, .gitHub, at: Self.place)
    }
    return Expressions.Test(value, .equal, [.literal("")], semantics: .gitHub, at: Self.place)
  }

  @Test func `a choice between two words asks for what chooses`() {
    let asked = Condition.test(
      Expressions.Test(.null, .isNull, semantics: .strict, at: Self.place))
    let test = Expressions.Test(
      .conditional(asked, .literal("yes"), .literal("no")), .equal, [.literal("yes")],
      semantics: .gitHub, at: Self.place)
    #expect(
      test.unfolded
        == .any([.all([asked, .constant(true)]), .all([.not(asked), .constant(false)])]))
  }

  @Test(arguments: [(1, true), (16, true), (17, false), (400, false)])
  func `a long chain is judged as one value`(length: Int, isUnfolded: Bool) {
    #expect((chain(of: length).unfolded != nil) == isUnfolded)
  }
}
