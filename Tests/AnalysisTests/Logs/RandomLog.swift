import Foundation

/// A log made up from a seed, and what is true of it by construction: whatever the lines look like, they say no more than
/// the story does.
struct RandomLog {
  private(set) var lines: [String] = []
  /// Lines (from 1) of uses that came before the certificate of their output, and by how many milliseconds; `nil` where no
  /// certificate came.
  private(set) var early: [Int: Int?] = [:]
  private var random: Congruence
  /// Each kind of event has a service whose clock is off by up to so many milliseconds.
  private let skew: Int

  private struct Happening {
    var time: Int
    var name: String
    var output: Int
    var isUse = false
  }

  static let uses = ["branch.executed", "action.executed", "cache.written", "state.written"]

  init(seed: UInt64, outputs: Int = 12, lateness: Int = 0, skew: Int = 0) {
    self.skew = skew
    random = Congruence(state: seed &* 7919 &+ 3)
    var story: [Happening] = []
    var certificates: [Int: Int] = [:]
    for output in 0..<outputs {
      let begin = random.next(below: 60_000)
      story.append(Happening(time: begin, name: "generate.requested", output: output))
      story.append(Happening(time: begin + 10, name: "generate.responded", output: output))
      if random.next(below: 5) > 0 {
        let time = begin + 500 + random.next(below: 4000)
        certificates[output] = time
        story.append(Happening(time: time, name: "cert.issued", output: output))
      }
      for _ in 0..<random.next(below: 4) {
        let name = RandomLog.uses[random.next(below: RandomLog.uses.count)]
        story.append(
          Happening(
            time: begin + 20 + random.next(below: 8000), name: name, output: output, isUse: true))
      }
    }
    // No two at the same time, so that lines decide nothing.
    var arrivals = story.enumerated().map { index, one in
      var one = one
      one.time = one.time * 100 + index
      return (arrival: one.time + random.next(below: max(1, lateness * 100)), one)
    }
    arrivals.sort { ($0.arrival, $0.1.time) < ($1.arrival, $1.1.time) }
    for (_, one) in arrivals {
      while random.next(below: 9) == 0 { lines.append(decoy()) }
      lines.append(line(one))
      guard one.isUse else { continue }
      if let certificate = certificates[one.output] {
        let index = story.firstIndex { $0.name == "cert.issued" && $0.output == one.output } ?? 0
        let exact = certificate * 100 + index
        if exact > one.time { early[lines.count] = exact - one.time }
      } else {
        early[lines.count] = .some(nil)
      }
    }
  }

  /// The log with line ends of both kinds.
  mutating func bytes() -> [UInt8] {
    var text = random.next(below: 4) == 0 ? "\u{FEFF}" : ""
    for line in lines { text += line + (random.next(below: 5) == 0 ? "\r\n" : "\n") }
    return Array(text.utf8)
  }

  private mutating func decoy() -> String {
    switch random.next(below: 7) {
    case 0: return ""
    case 1: return "   "
    case 2: return #"{"event":"heartbeat","output_hash":"o1"}"#
    case 3: return #"{"note":"\"event\":\"cert.issued\",\"output_hash\":\"o1\"","n":1e400}"#
    case 4:
      return #"{"other":{"event":"cert.issued","output_hash":"o2"},"list":[{"event":"x"},[]]}"#
    case 5: return #"{"type":12,"ts":null}"#
    default: return #"{"event":"naïve 🙂 café","data":{"é":[1,2,{"a":"}"}]}}"#
    }
  }

  private mutating func line(_ one: Happening) -> String {
    var fields = [
      text("output_hash", name(ofOutput: one.output)), text("request_id", "r\(one.output)"),
    ]
    switch one.name {
    case "cert.issued": fields.append(text("cert_hash", "mira1\(one.output)"))
    case "cache.written": fields.append(text("key", "k/\(one.output)\\\""))
    case "action.executed": fields.append(text("action", "mail"))
    case "branch.executed": fields.append(text("branch", "yes"))
    default: break
    }
    if one.name == "generate.requested" { fields.removeFirst() }
    var top = [text("event", one.name), "\"ts\":" + time(one.time + offset(of: one.name))]
    if skew > 0 { fields.append(text("service", one.name)) }
    if random.next(below: 2) == 0 {
      // Of equal keys the last counts.
      if random.next(below: 3) == 0, one.name != "generate.requested" {
        fields.insert(text("output_hash", "other"), at: 0)
      }
      top.append("\"data\":{" + fields.joined(separator: ",") + "}")
    } else {
      top += fields
    }
    if random.next(below: 3) == 0 {
      top.append(#""deep":{"output_hash":"no","x":[null,-0.5e-7,123456789012345678901234567890]}"#)
    }
    for index in top.indices { top.swapAt(index, random.next(below: top.count)) }
    let space = random.next(below: 3) == 0 ? " " : ""
    return "{" + space + top.joined(separator: "," + space) + space + "}"
  }

  /// In units of ten microseconds.
  private func offset(of service: String) -> Int {
    if skew == 0 { return 0 }
    var dice = Congruence(state: service.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    return (dice.next(below: 2 * skew) - skew) * 100
  }

  /// Services spell digests in different ways.
  private mutating func name(ofOutput output: Int) -> String {
    if output % 2 == 0 { return "sha256:ö\(output)x" }
    let half = String(0xfedc_ba98_7654_3210 &* UInt64(output), radix: 16)
    let digits = String(repeating: "0", count: 64 - half.count) + half
    let beginning = ["", "sha256:", "SHA256:"][random.next(below: 3)]
    return beginning + (random.next(below: 2) == 0 ? digits : digits.uppercased())
  }

  private mutating func text(_ key: String, _ value: String) -> String {
    "\"\(escaped(key))\":\"\(escaped(value))\""
  }

  private mutating func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar != "\\" && scalar != "\""
      if random.next(below: 12) == 0 || !isPlain {
        result += "\\u" + String(0x10000 + Int(scalar.value), radix: 16).dropFirst()
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// In units of ten microseconds from the start.
  private mutating func time(_ units: Int) -> String {
    let start = 1_767_225_600
    let micros = units * 10
    switch random.next(below: 3) {
    case 0:
      return "\(start + micros / 1_000_000)." + String(1_000_000 + micros % 1_000_000).dropFirst()
    case 1: return "\((start * 1_000_000) + micros)"
    default:
      let seconds = micros / 1_000_000
      func two(_ number: Int) -> Substring { String(100 + number).dropFirst() }
      let fraction = String(1_000_000 + micros % 1_000_000).dropFirst()
      return
        "\"2026-01-01T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(fraction)Z\""
    }
  }
}

struct Congruence {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
  }
}
