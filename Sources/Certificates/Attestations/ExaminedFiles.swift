#if Certificates
  /// The files of a run that attest something or claim something.
  package struct ExaminedFiles: Sendable {
    package var attestations: [Source<AttestationFile>] = []
    package var cards: [Source<ModelCard>] = []
    package var bills: [Source<MachineLearningBOM>] = []

    package init() {}

    /// Something read from a file, with where the file lies.
    package struct Source<Content: Sendable>: Sendable {
      package var content: Content
      /// As reports show it.
      package var path: String
      /// The folder that holds it; absolute.
      package var folder: String
      /// The checked folder that it lies in; absolute: nothing outside is opened.
      package var root: String

      package init(_ content: Content, path: String, folder: String, root: String) {
        self.content = content
        self.path = path
        self.folder = folder
        self.root = root
      }
    }

    package var isEmpty: Bool { attestations.isEmpty && cards.isEmpty && bills.isEmpty }
  }
#endif
