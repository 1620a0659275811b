import MiraLint

/// The linter of one folder, made anew when the documents that decide how it judges change.
struct FolderLinter: Sendable {
  let folder: String
  /// The last one that could be made.
  private(set) var linter: Linter?
  /// Why the present documents make none.
  private(set) var failure: LinterError?
  private var stamp: SettingsStamp?

  init(_ folder: String) { self.folder = folder }

  /// Looks whether anything has changed.
  ///
  /// - Returns: whether findings may be others than before.
  mutating func refresh(_ surroundings: LanguageServer.Surroundings) -> Bool {
    let settings: Result<Settings, LinterError>
    do throws(LinterError) {
      settings = .success(try surroundings.settings(folder))
    } catch {
      settings = .failure(error)
    }
    let now = SettingsStamp(
      workingDirectory: folder, settings: try? settings.get(), given: surroundings.configuration)
    if now == stamp { return false }
    stamp = now
    do throws(LinterError) {
      linter = try Linter(try settings.get())
      failure = nil
    } catch {
      failure = error
    }
    return true
  }
}
