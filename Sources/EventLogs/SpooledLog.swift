/// A log that is compressed or comes through a pipe, put where it can be read at any place, on any thread, and again: in memory
/// while it is small, else in a file without a name.
package struct SpooledLog: Sendable {
  package let bytes: LogBytes
  /// Why they end early, where they do.
  package let failure: LogInputError?

  private static let mostMemory = 16 << 20
  private static let written = 1 << 20

  /// Reads, and unpacks, a log.
  ///
  /// `nil` where there is no room for it; a pipe's log ends there.
  ///
  /// - Parameters:
  ///   - input: the log; of a pipe nothing is read where there can be no file.
  ///   - folders: where a file may be made.
  ///   - limit: behind so many bytes or a few more nothing is read.
  ///   - notify: is told now and then how many bytes there are so far.
  /// - Throws: where the input cannot be opened.
  package init?(
    _ input: LogSource.Input, in folders: [String] = ScratchFile.usualFolders,
    upTo limit: Int = .max, notify: (Int) -> Void = { _ in }
  ) throws(LogInputError) {
    var file: ScratchFile?
    var isPipe = false
    if case .pipe = input {
      isPipe = true
      file = ScratchFile(in: folders)
      if file == nil { return nil }
    }
    var input = try LogInput(input)
    var memory: [UInt8] = []
    var count = 0
    func spill() -> Bool {
      file = file ?? ScratchFile(in: folders)
      guard let file, file.write(memory, at: count) else { return false }
      count += memory.count
      memory.removeAll(keepingCapacity: true)
      notify(count)
      return true
    }
    var hasRoom = true
    repeat {
      memory += input.buffer[input.start..<input.end]
      input.start = input.end
      let most = count == 0 ? SpooledLog.mostMemory : SpooledLog.written
      if memory.count > most { hasRoom = spill() }
    } while hasRoom && count + memory.count < limit && input.fill()
    if hasRoom && count > 0 { hasRoom = spill() }
    if !hasRoom && !isPipe { return nil }
    failure =
      hasRoom
      ? input.failure
      : LogInputError(
        "there is no room for more of it; the variable TMPDIR names another folder to keep it in")
    if count > 0, let file {
      bytes = LogBytes(file, count: count)
    } else if let bytes = try LogBytes(.bytes(memory)) {
      self.bytes = bytes
    } else {
      return nil
    }
  }
}
