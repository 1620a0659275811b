import Testing

@testable import Analysis

@Suite struct ClockGapsTests {
  private static let second: Int64 = 1_000_000_000

  /// Two producers in turns, the second one's clock ahead by so much, their lines so far apart.
  private static func gaps(_ count: Int, apart: Int64, ahead: Int64) -> ClockGaps {
    var gaps = ClockGaps()
    for line in 0..<Int64(count) {
      let other = line % 2
      gaps.note(1000 * second + line * apart + other * ahead, of: Int(other))
    }
    return gaps
  }

  @Test func `lines that are close together bound the clocks closely`() {
    let gaps = Self.gaps(200, apart: Self.second / 100, ahead: Self.second / 4)
    #expect(gaps.bound(of: 1, over: 0) == Self.second / 100 + Self.second / 4)
    // The first one's clock never runs ahead.
    #expect(gaps.bound(of: 0, over: 1) == 0)
  }

  @Test func `lines that are far apart leave the clocks open`() {
    let gaps = Self.gaps(40, apart: 3 * Self.second, ahead: Self.second / 4)
    #expect(gaps.bound(of: 1, over: 0) > 3 * Self.second)
    #expect(gaps.bound(of: 0, over: 1) > 2 * Self.second)
  }

  @Test func `one log behind the other says nothing of the clocks`() {
    var gaps = ClockGaps()
    for place in 0..<2 {
      for line in 0..<Int64(100) { gaps.note(1000 * Self.second + line * Self.second, of: place) }
    }
    #expect(gaps.bound(of: 0, over: 1) == 0)
    #expect(gaps.bound(of: 1, over: 0) == 0)
    #expect(gaps.bound(of: 70, over: 1) == 0)
  }

  @Test func `a few late lines do not narrow the bound`() {
    var gaps = ClockGaps()
    for line in 0..<Int64(200) {
      let time = 1000 * Self.second + line * Self.second
      gaps.note(line % 20 == 3 ? time - 5 * Self.second : time, of: Int(line % 2))
    }
    #expect(gaps.bound(of: 1, over: 0) == Self.second)
  }
}
