#if Certificates
  package import SourceText

  /// An in-toto statement: somebody says something (the predicate) of some artifacts (the subjects).
  ///
  /// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, and its version 0.1.
  package struct Statement: Sendable {
    package var predicateType: String
    package var subjects: [Resource]
    /// The predicate as it stands in the statement.
    package var predicate: Node?
    package var root: Node

    package static let types = [
      "https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1",
    ]

    /// Whether an object says to be a statement, of any version.
    package static func recognises(_ node: Node) -> Bool {
      guard let type = node["_type"]?.quotedText else { return false }
      return type.hasPrefix("https://in-toto.io/Statement/") && node["subject"] != nil
    }

    init(predicateType: String, subjects: [Resource], predicate: Node?, root: Node) {
      self.predicateType = predicateType
      self.subjects = subjects
      self.predicate = predicate
      self.root = root
    }

    /// Reads an object whose JSON is known to be strict.
    package init(_ node: Node) throws(Refusal) {
      guard let type = node["_type"]?.quotedText else {
        throw Refusal("`_type` does not say that it is a statement", at: node["_type"]?.range)
      }
      guard Self.types.contains(type) else {
        throw Refusal(
          "`\(type)` is no version of a statement that is known", at: node["_type"]?.range)
      }
      guard let predicateType = node["predicateType"]?.quotedText, !predicateType.isEmpty else {
        throw Refusal("`predicateType` is no text", at: node["predicateType"]?.range)
      }
      guard let list = node["subject"], list.isList, !list.items.isEmpty else {
        throw Refusal("it speaks of no artifact: `subject` is empty", at: node["subject"]?.range)
      }
      self.predicateType = predicateType
      subjects = []
      for item in list.items {
        let subject = try Resource(item)
        guard !subject.digests.isEmpty else {
          throw Refusal("a subject has no digest", at: item.range)
        }
        subjects.append(subject)
      }
      predicate = node["predicate"].flatMap { $0.isObject ? $0 : nil }
      root = node
    }
  }

  /// A file, image, model or data set that somebody speaks of, with its digests: in-toto's resource descriptor.
  package struct Resource: Sendable {
    package var name: String?
    package var uri: String?
    /// By algorithm, in the order of the file; hexadecimal digits in lower case.
    package var digests: [(algorithm: String, value: String)]
    package var range: ByteRange

    package init(
      name: String? = nil, uri: String? = nil, digests: [(algorithm: String, value: String)] = [],
      range: ByteRange
    ) {
      self.name = name
      self.uri = uri
      self.digests = digests
      self.range = range
    }

    /// Reads a resource descriptor.
    package init(_ node: Node) throws(Refusal) {
      guard node.isObject else { throw Refusal("an artifact is no object", at: node.range) }
      name = node["name"]?.quotedText
      uri = node["uri"]?.quotedText
      digests = []
      range = node.range
      guard let digest = node["digest"], !digest.isNull else { return }
      digests = try Self.digests(digest)
    }

    /// Digests by algorithm, as they are written.
    static func digests(_ node: Node) throws(Refusal) -> [(algorithm: String, value: String)] {
      guard node.isObject else { throw Refusal("`digest` is no object", at: node.range) }
      var digests: [(algorithm: String, value: String)] = []
      for entry in node.entries {
        guard let algorithm = entry.key.text, let value = entry.value.quotedText else {
          throw Refusal("a digest is no text", at: entry.value.range)
        }
        guard isWellFormed(value, algorithm) else {
          throw Refusal("this is no `\(algorithm)` digest", at: entry.value.range)
        }
        digests.append((algorithm.lowercased(), value.lowercased()))
      }
      return digests
    }

    /// What people call it.
    package var title: String {
      name ?? uri ?? digests.first.map { "\($0.algorithm):\($0.value)" } ?? ""
    }

    /// The digest under an algorithm's name.
    package func digest(_ algorithm: String) -> String? {
      digests.first { $0.algorithm == algorithm }?.value
    }

    /// Whether both are known by an equal digest; `nil` where they share no algorithm.
    package func isSame(as other: Resource) -> Bool? {
      var shared = false
      for (algorithm, value) in digests {
        guard let theirs = other.digest(algorithm) else { continue }
        if theirs != value { return false }
        shared = true
      }
      return shared ? true : nil
    }

    private static func isWellFormed(_ value: String, _ algorithm: String) -> Bool {
      let lengths = ["sha256": 64, "sha384": 96, "sha512": 128, "sha1": 40, "md5": 32]
      guard let length = lengths[algorithm.lowercased()] else { return !value.isEmpty }
      return value.utf8.count == length
        && value.utf8.allSatisfy(Hexadecimal.isDigit)
    }
  }

  extension Hexadecimal {
    /// Whether a byte is one digit, in either case.
    static func isDigit(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
      default: false
      }
    }
  }
#endif
