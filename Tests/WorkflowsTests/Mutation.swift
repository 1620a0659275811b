import TestSupport

/// Damage as it happens to definitions: something cut out, doubled, overwritten, or the end lost.
struct Mutation {
  /// Bytes that mean something to the format.
  var marks: String
  /// The longest part that is cut out or doubled.
  var longest = 40
  var bytes: ClosedRange<UInt8> = 0...255

  func damage(_ text: inout [UInt8], _ random: inout SeededGenerator) {
    guard text.count > 8 else { return }
    let place = Int.random(in: 0..<text.count, using: &random)
    let length = min(Int.random(in: 1...longest, using: &random), text.count - place)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: text.removeSubrange(place..<place + length)
    case 1: text.insert(contentsOf: text[place..<place + length], at: place)
    case 2: text[place] = UInt8.random(in: bytes, using: &random)
    case 3: text.removeLast(text.count - max(8, place))
    default:
      let marks = Array(marks.utf8)
      text[place] = marks[Int.random(in: 0..<marks.count, using: &random)]
    }
  }
}
