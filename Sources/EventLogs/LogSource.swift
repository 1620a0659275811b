/// A recorded log to read: once, from its start.
package struct LogSource: Sendable {
  /// The path as reports show it.
  package var path: String
  package var input: Input

  package enum Input: Sendable {
    /// A file, by the path to open.
    case file(String)
    /// An open descriptor, such as standard input: it can be read only once.
    case descriptor(Int32)
    case bytes([UInt8])
    /// A pipe of which the first bytes have been read.
    case pipe(head: [UInt8], rest: Int32)
  }

  package init(path: String, input: Input) {
    self.path = path
    self.input = input
  }
}
