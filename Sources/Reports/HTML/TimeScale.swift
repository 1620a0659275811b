#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Maps times to places on an axis: evenly, or by orders of magnitude where else all that matters would be one dot.
struct TimeScale {
  let isLogarithmic: Bool
  /// Where the axis is labelled, in milliseconds; zero is always there.
  private(set) var ticks: [Double] = [0]
  private let least: Double
  private let most: Double
  private let from: Double
  private let to: Double

  init(offsets: [Double], from: Double, to: Double) {
    self.from = from
    self.to = to
    var least = min(offsets.min() ?? 0, 0)
    var most = max(offsets.max() ?? 0, 0)
    if most - least < 1e-6 { most = least + 1 }
    let distances = offsets.map(abs).filter { $0 > 0 }.sorted()
    let typical = distances.isEmpty ? 1 : distances[distances.count / 2]
    isLogarithmic = typical > 0 && (most - least) / typical > 60 && most - least > 10
    if !isLogarithmic {
      // Some room beside the first and the last mark.
      let room = (most - least) * 0.02
      least -= least < 0 ? room : 0
      most += room
    }
    self.least = least
    self.most = most
    ticks = isLogarithmic ? magnitudes() : steps()
  }

  func x(_ offset: Double) -> Double {
    let low = bent(least)
    let high = bent(most)
    return from + (bent(offset) - low) / (high - low) * (to - from)
  }

  private func bent(_ value: Double) -> Double {
    guard isLogarithmic else { return value }
    return value < 0 ? -log10(1 - value) : log10(1 + value)
  }

  /// Multiples of 1, 2 or 5 times a power of ten.
  private func steps() -> [Double] {
    let rough = (most - least) / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power * 10
    var ticks: [Double] = []
    var index = Int((least / step).rounded(.up))
    while Double(index) * step <= most {
      ticks.append(Double(index) * step)
      index += 1
    }
    return ticks.contains(0) ? ticks : ticks + [0]
  }

  /// Round times of every size, in milliseconds.
  private static let landmarks = [
    1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000,
    8_640_000_000, 86_400_000_000,
  ].map(Double.init)

  /// Landmarks that do not touch each other's words.
  private func magnitudes() -> [Double] {
    var ticks = [0.0]
    for sign in [1.0, -1] {
      var last = x(0)
      for tick in Self.landmarks where tick <= (sign > 0 ? most : -least) {
        let place = x(sign * tick)
        guard abs(place - last) > 52 else { continue }
        ticks.append(sign * tick)
        last = place
      }
    }
    return ticks
  }
}

/// Lengths of time in words.
enum TimeWords {
  /// A length with its unit, no finer than it is known: `1842 ms`, `12.5 s`, `3 min 20 s`, `about 2 s`.
  static func duration(_ milliseconds: Double, precision: Double) -> String {
    let words = words(milliseconds)
    return precision >= 1000 ? "about \(words)" : words
  }

  /// A distance from the response, with its sign.
  static func offset(_ milliseconds: Double) -> String {
    if milliseconds == 0 { return "0" }
    return (milliseconds < 0 ? "−" : "+") + words(abs(milliseconds))
  }

  private static func words(_ milliseconds: Double) -> String {
    if milliseconds < 10_000 {
      return "\(SVGNumber.text(milliseconds)) ms"
    }
    let seconds = milliseconds / 1000
    if seconds < 120, seconds != 60 { return "\(SVGNumber.text(seconds)) s" }
    guard seconds < 1e12 else { return "\(seconds) s" }
    let whole = Int(seconds.rounded())
    if whole < 7_200 { return "\(whole / 60) min\(whole % 60 == 0 ? "" : " \(whole % 60) s")" }
    let minutes = whole / 60
    if minutes < 2_880 {
      return "\(minutes / 60) h\(minutes % 60 == 0 ? "" : " \(minutes % 60) min")"
    }
    return "\(minutes / 1_440) d\(minutes / 60 % 24 == 0 ? "" : " \(minutes / 60 % 24) h")"
  }
}
