import MiraLint

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output for findings, standard error for everything else; both written at once and not line by line.
enum StandardStreams {
  static let output: Int32 = 1
  static let error: Int32 = 2

  /// Has a reader that goes away (`| head`) stop the writing and not the run: other reports are still to be written.
  static func outliveReaders() {
    // The system's own handler, which ignores the signal.
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Fills the places of standard streams that the program was started without.
  ///
  /// The next file to be opened would get one of them, and reports with it. What stands there can be neither read nor
  /// written, as before.
  static func occupyClosed() {
    for descriptor in [0, output, error] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free place is taken. A C string for the time of the call.
      _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  static func print(_ text: String) {
    write(Array((text.hasSuffix("\n") || text.isEmpty ? text : text + "\n").utf8), to: output)
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    do throws(FileSystem.Failure) {
      try FileSystem.write(bytes, to: descriptor)
    } catch {
      // Whoever reads has seen enough (`| head`); there is nobody left to tell.
      if error.isBrokenPipe || descriptor == Self.error { return }
      complain("cannot write to standard output: \(error.words)")
      end(.failure)
    }
  }

  /// Empties the terminal with what was scrolled off it, and goes to its corner.
  static func clearScreen() {
    write(Array("\u{1B}[2J\u{1B}[3J\u{1B}[H".utf8), to: output)
  }

  /// Says something beside the findings.
  static func note(_ text: String) {
    write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: error)
  }

  /// Says why the run cannot do its job.
  static func complain(_ text: String) { note("mira-lint: error: \(text)") }

  static func complain(about error: LinterError) {
    // Problems of documents begin with their own place, as editors and people expect it.
    if case .brokenDocuments(let problems) = error {
      note(problems.joined(separator: "\n"))
    } else {
      for line in error.words.split(separator: "\n") { complain(String(line)) }
    }
  }
}
