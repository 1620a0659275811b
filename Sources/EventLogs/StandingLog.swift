import Synchronization

/// The log that a state was made of, where it still stands: opened only where something of it is quoted.
package final class StandingLog: Sendable {
  private enum Found {
    case unknown
    case bytes(LogBytes?)
  }

  /// Behind so many bytes of a compressed one nothing is quoted: to unpack it may take longer than all else.
  private static let mostUnpacked = 64 << 20

  private let path: String
  private let found = Mutex<Found>(.unknown)

  package init(path: String) { self.path = path }

  /// What stands there, unpacked; nobody has looked whether it is what it was.
  var bytes: LogBytes? {
    found.withLock { found in
      if case .bytes(let bytes) = found { return bytes }
      let bytes = open()
      found = .bytes(bytes)
      return bytes
    }
  }

  private func open() -> LogBytes? {
    // Names in angle brackets are no files.
    guard !path.hasPrefix("<"), let bytes = (try? LogBytes(.file(path))) ?? nil else { return nil }
    var head = [UInt8](repeating: 0, count: 4)
    guard let count = try? bytes.read(from: 0, count: 4, into: &head) else { return nil }
    if UnpackedBytes.isPlain(Array(head[..<count])) { return bytes }
    return ((try? SpooledLog(.file(path), upTo: StandingLog.mostUnpacked)) ?? nil)?.bytes
  }
}
