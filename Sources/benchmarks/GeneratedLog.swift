/// A log of a service that asks for verified answers and sometimes uses them too early.
enum GeneratedLog {
  private static let pieceBytes = 1 << 20

  /// Writes at least `bytes` of NDJSON, the same bytes at every call, in pieces: what this program holds counts as the
  /// memory of those that it starts.
  static func write(bytes: Int, _ take: ([UInt8]) -> Void) {
    var lines: [UInt8] = []
    lines.reserveCapacity(pieceBytes * 2)
    var written = 0
    var request = 0
    while written + lines.count < bytes {
      // Events of sixteen requests are mixed, as those of concurrent requests are.
      for step in Event.allCases.indices {
        for neighbour in 0..<16 {
          append(Event.allCases[step], request: request + neighbour, step, to: &lines)
        }
      }
      request += 16
      if lines.count >= pieceBytes {
        take(lines)
        written += lines.count
        lines.removeAll(keepingCapacity: true)
      }
    }
    take(lines)
  }

  private enum Event: String, CaseIterable {
    case requested = "generate.requested"
    case responded = "generate.responded"
    case voted = "validator.voted"
    case shownEarly = "badge.shown"
    case issued = "cert.issued"
    case written = "cache.written"
    case read = "cache.read"
  }

  private static func append(_ event: Event, request: Int, _ step: Int, to lines: inout [UInt8]) {
    let hash = String((request + 1) &* 0x9E37_79B9_7F4A & 0xffff_ffff_ffff, radix: 16)
    let milliseconds = request * 7 + step * 400 + request % 16
    let data: String
    switch event {
    case .requested: data = #""prompt_hash":"p\#(hash)","model":"m-large","verify":true"#
    case .responded: data = #""status":"provisional","output_hash":"o\#(hash)","bytes":2048"#
    case .voted:
      data =
        #""output_hash":"o\#(hash)","claim":3,"validator":"v\#(request % 9)","vote":"yes","weight":0.71"#
    case .shownEarly:
      let label = request % 50 == 0 ? "verified" : "pending"
      data = #""label":"\#(label)","output_hash":"o\#(hash)","cert_hash":null"#
    case .issued:
      data = #""cert_hash":"c\#(hash)","output_hash":"o\#(hash)","epoch":9,"quorum_weight":0.71"#
    case .written, .read:
      // As it should be: one request in fifty is at fault, not all of them.
      data = #""key":"answer:c\#(hash)","output_hash":"o\#(hash)","cert_hash":"c\#(hash)""#
    }
    let line = """
      {"ts":"\(time(milliseconds))","event":"\(event.rawValue)","request_id":"req-\(request)",\
      "trace_id":"t\(hash)","service":"support","data":{\(data)}}

      """
    lines += line.utf8
  }

  private static func time(_ milliseconds: Int) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let seconds = milliseconds / 1_000
    let day = digits(1 + seconds / 86_400 % 28, 2)
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map { digits($0, 2) }
    return "2026-03-\(day)T\(clock.joined(separator: ":")).\(digits(milliseconds % 1_000, 3))Z"
  }
}
