#if Certificates
  package import Certificates
  import Rules
  import SourceText

  /// Reads the trust files that the settings name.
  package enum TrustFiles {
    private static func sigstoreRoots(
      _ absolute: String, shownAs path: String
    ) throws(LinterError) -> [SigstoreRoot] {
      let bytes: [UInt8]
      do throws(FileSystem.Failure) {
        bytes = try FileSystem.read(absolute, upTo: Limits.fileBytes)
      } catch {
        throw .unreadable(path: path, reason: error.words)
      }
      do throws(Refusal) {
        return try SigstoreRoot.all(in: bytes, path: path)
      } catch {
        throw .unreadable(path: path, reason: error.words)
      }
    }

    /// All of them, in the order given.
    package static func read(_ settings: Settings) throws(LinterError) -> [TrustFile] {
      var files: [TrustFile] = []
      var problems: [DocumentProblem] = []
      for path in settings.trustPaths {
        let absolute = FilePath.absolute(path, from: settings.workingDirectory)
        let shown = ConfigurationFinder.shown(absolute, in: settings.workingDirectory)
        let file = try RuleLibrary.document(absolute, shownAs: shown)
        let (trust, found) = TrustFile.read(file)
        problems += found
        guard var trust else { continue }
        if !trust.sigstoreRootPath.isEmpty {
          let root = FilePath.absolute(trust.sigstoreRootPath, from: FilePath.parent(absolute))
          trust.sigstoreRoots = try sigstoreRoots(
            root, shownAs: ConfigurationFinder.shown(root, in: settings.workingDirectory))
        }
        files.append(trust)
      }
      let errors = problems.filter { $0.severity == .error }
      guard errors.isEmpty else { throw .brokenDocuments(errors.map(\.description)) }
      return files
    }
  }
#endif
