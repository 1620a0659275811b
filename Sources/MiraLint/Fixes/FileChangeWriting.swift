extension FileChange {
  /// Why a change was not written.
  package struct Refusal: Error {
    package var reason: String
  }

  /// Writes the change: in place of the file as a whole, or not at all.
  package func write() throws(Refusal) {
    guard let absolutePath else { throw Refusal(reason: "standard input cannot be changed") }
    // A link is followed only where what it names belongs to the same files.
    guard let real = FileSystem.absolutePath(absolutePath),
      let realRoot = FileSystem.absolutePath(root),
      FilePath.relative(real, to: realRoot) != nil
    else { throw Refusal(reason: "it is a link that leads out of its repository") }
    let isAsRead: Bool
    do throws(FileSystem.Failure) {
      isAsRead = try FileSystem.read(real, upTo: before.count + 1) == before
      if isAsRead { try FileSystem.replace(real, with: after) }
    } catch {
      throw Refusal(reason: error.words)
    }
    if !isAsRead { throw Refusal(reason: "it has changed since it was read") }
  }
}
