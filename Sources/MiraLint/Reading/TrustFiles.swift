#if Certificates
  package import Certificates
  import Rules
  import SourceText

  /// Reads the trust files that the settings name.
  package enum TrustFiles {
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
        if let trust { files.append(trust) }
      }
      let errors = problems.filter { $0.severity == .error }
      guard errors.isEmpty else { throw .brokenDocuments(errors.map(\.description)) }
      return files
    }
  }
#endif
