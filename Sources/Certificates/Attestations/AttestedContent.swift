#if Certificates
  package import SourceText

  /// What a file attests or claims.
  package enum AttestedContent: Sendable {
    case attestations(AttestationFile)
    case card(ModelCard)
    case bill(MachineLearningBOM)

    /// Reads a file's documents; `nil` where nothing in it attests or claims something.
    package init?(_ file: SourceFile, documents: [Node], frontMatter: Bool) {
      if frontMatter {
        guard let card = documents.first?["front-matter"], ModelCard.recognises(card) else {
          return nil
        }
        self = .card(ModelCard(card))
      } else if let attestations = AttestationFile(file, documents: documents) {
        self = .attestations(attestations)
      } else if let bill = documents.first, MachineLearningBOM.recognises(bill) {
        self = .bill(MachineLearningBOM(bill))
      } else {
        return nil
      }
    }

    /// Whether a file that begins like this may hold attestations: enough to read it whole before anything else does.
    package static func mayBegin(_ head: [UInt8]) -> Bool {
      var index = 0
      while index < head.count, [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains(head[index]) {
        index += 1
      }
      guard index < head.count, head[index] == UInt8(ascii: "{") else { return false }
      index += 1
      while index < head.count, [0x20, 0x09, 0x0A, 0x0D].contains(head[index]) { index += 1 }
      // A long payload may come before everything that names it.
      if firstKeys.contains(where: { head[index...].starts(with: $0) }) { return true }
      return marks.contains { $0.first(in: head, from: index) != nil }
    }

    private static let firstKeys = ["\"payload\"", "\"signatures\"", "\"signed\""].map {
      Array($0.utf8)
    }
    private static let marks = AttestationFile.marks.map { BytePattern(Array($0.utf8)) }
  }
#endif
