import Synchronization

/// A compressed log, unpacked again only where something of it is quoted.
package final class PackedLog: Sendable {
  /// Behind so many bytes nothing is quoted.
  private static let most = 64 << 20

  private let input: LogSource.Input
  private let unpacked = Mutex<LogBytes?>(nil)

  package init(_ input: LogSource.Input) { self.input = input }

  /// Its beginning; `nil` where it cannot be unpacked.
  var bytes: LogBytes? {
    unpacked.withLock { unpacked in
      if unpacked == nil {
        unpacked = try? LogBytes(.bytes(UnpackedBytes.of(input, upTo: PackedLog.most)))
      }
      return unpacked
    }
  }
}
