import MiraLint

/// Does something again whenever files change that it depends on.
struct WatchLoop {
  /// What the run depends on, looked at before each round.
  struct Surroundings {
    var directories: [String]
    var files: [String]
    var settings: SettingsStamp
  }

  /// Absolute paths that the rounds themselves write.
  let written: Set<String>
  private static let pollInterval = 500
  private static let settlingTime = 100

  /// Runs until the program is ended.
  func run(
    surroundings: () -> Surroundings, round: () async -> Void
  ) async {
    while true {
      let before = surroundings()
      let state = state(of: before)
      // Changes while the round goes on must not be lost.
      let watcher = FileWatcher(directories: before.directories)
      await round()
      repeat {
        // Waiting blocks a thread, and none of the pool must.
        await MainActor.run {
          watcher.wait(milliseconds: watcher.isTold ? -1 : Self.pollInterval)
          watcher.settle(milliseconds: Self.settlingTime)
        }
      } while self.state(of: surroundings()) == state
    }
  }

  private struct State: Equatable {
    var files: [String: FileSystem.Stamp?]
    var settings: SettingsStamp
  }

  private func state(of surroundings: Surroundings) -> State {
    var files: [String: FileSystem.Stamp?] = [:]
    for path in surroundings.files where !written.contains(path) {
      files[path] = FileSystem.stamp(of: path)
    }
    return State(files: files, settings: surroundings.settings)
  }
}
