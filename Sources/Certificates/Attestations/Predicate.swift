#if Certificates
  import SourceText

  /// What a statement says of its subjects, as far as rules ask.
  package enum Predicate: Sendable {
    case provenance(Provenance)
    case testResult(TestResult)
    case verificationSummary(VerificationSummary)
    case evaluation(Evaluation)
    case modelSignature(ModelSignature)
    case link(Link)
    /// Something signed that nothing is asked of.
    case other

    /// The predicate type of ``Evaluation``.
    package static let evaluationType = "https://github.com/mira-lint/mira-lint/evaluation/v1"

    package init(_ statement: Statement) throws(Refusal) {
      guard let node = statement.predicate else {
        self = .other
        return
      }
      let type = statement.predicateType
      if type == Self.evaluationType {
        self = .evaluation(try Evaluation(node))
      } else if type.hasPrefix("https://slsa.dev/provenance/v") {
        self = .provenance(try Provenance(node))
      } else if type.hasPrefix("https://in-toto.io/attestation/test-result/") {
        self = .testResult(try TestResult(node))
      } else if type.hasPrefix("https://slsa.dev/verification_summary/") {
        self = .verificationSummary(VerificationSummary(node))
      } else if type.hasPrefix("https://model_signing/signature/v") {
        self = .modelSignature(try ModelSignature(node, of: statement))
      } else if type.hasPrefix(Self.linkType) {
        self = .link(Link(materials: try Self.resources(node["materials"])))
      } else {
        self = .other
      }
    }

    /// The predicate type of links, up to the version.
    static let linkType = "https://in-toto.io/attestation/link/v"

    /// What people call it, with its article.
    package var title: String {
      switch self {
      case .provenance: "a provenance"
      case .testResult: "a test result"
      case .verificationSummary: "a verification summary"
      case .evaluation: "an evaluation"
      case .modelSignature: "a model signature"
      case .link: "an in-toto link"
      case .other: "a statement"
      }
    }

    /// Reads a list of resource descriptors; one object counts as a list of one.
    static func resources(_ node: Node?) throws(Refusal) -> [Resource] {
      guard let node, !node.isNull else { return [] }
      var resources: [Resource] = []
      for item in node.isList ? node.items : [node] { resources.append(try Resource(item)) }
      return resources
    }

    static func time(_ node: Node?) throws(Refusal) -> Instant? {
      guard let node, !node.isNull else { return nil }
      guard let text = node.quotedText, let time = Instant(rfc3339: text) else {
        throw Refusal("this is no time as RFC 3339 has it, with its offset", at: node.range)
      }
      return time
    }
  }

  /// How an artifact was built: SLSA provenance, version 1 or 0.x.
  package struct Provenance: Sendable {
    package var builder: String?
    package var startedOn: Instant?
    package var finishedOn: Instant?
    /// What the build used.
    package var materials: [Resource]

    init(_ node: Node) throws(Refusal) {
      let run = node["runDetails"]
      builder = (run?["builder"] ?? node["builder"])?["id"]?.quotedText
      let metadata = run?["metadata"] ?? node["metadata"]
      startedOn = try Predicate.time(metadata?["startedOn"] ?? metadata?["buildStartedOn"])
      finishedOn = try Predicate.time(metadata?["finishedOn"] ?? metadata?["buildFinishedOn"])
      materials = try Predicate.resources(
        node["buildDefinition"]?["resolvedDependencies"] ?? node["materials"])
    }
  }

  /// Which tests passed and which did not: in-toto's test-result.
  package struct TestResult: Sendable {
    package var passed: [String]
    package var failed: [String]
    /// Whether the whole is said to have passed, possibly with warnings.
    package var isPassed: Bool
    package var configuration: [Resource]

    init(_ node: Node) throws(Refusal) {
      func names(_ key: String) -> [String] { (node[key]?.items ?? []).compactMap(\.quotedText) }
      passed = names("passedTests") + names("warnedTests")
      failed = names("failedTests")
      isPassed = ["PASSED", "WARNED"].contains(node["result"]?.quotedText)
      configuration = try Predicate.resources(node["configuration"])
    }
  }

  /// That somebody has verified an artifact by a policy: SLSA's VSA.
  package struct VerificationSummary: Sendable {
    package var verifier: String?
    package var isPassed: Bool
    package var levels: [String]
    package var timeVerified: Instant?

    init(_ node: Node) {
      verifier = node["verifier"]?["id"]?.quotedText
      isPassed = node["verificationResult"]?.quotedText == "PASSED"
      levels = (node["verifiedLevels"]?.items ?? []).compactMap(\.quotedText)
      timeVerified = node["timeVerified"]?.quotedText.flatMap { Instant(rfc3339: $0) }
    }
  }

  /// A step of a supply chain: what it took in, beside what it made.
  package struct Link: Sendable {
    package var materials: [Resource]
  }

  /// The files of a model as the OpenSSF model-signing project lists them.
  package struct ModelSignature: Sendable {
    /// Paths inside the model's folder, with digests.
    package var files: [Resource]
    /// Paths that the signer left out.
    package var ignoredPaths: [String]

    init(_ node: Node, of statement: Statement) throws(Refusal) {
      guard let list = node["resources"], list.isList else {
        throw Refusal("the model signature lists no files", at: node.range)
      }
      files = []
      for item in list.items {
        guard let name = item["name"]?.quotedText, let digest = item["digest"]?.quotedText else {
          throw Refusal("a file of the model signature has no name or no digest", at: item.range)
        }
        let algorithm = item["algorithm"]?.quotedText ?? "sha256"
        files.append(
          Resource(
            name: name, digests: [(algorithm.lowercased(), digest.lowercased())], range: item.range)
        )
      }
      // The subject's digest is over those of the files, in their order.
      let digests = files.flatMap { Hexadecimal.decode($0.digests[0].value) ?? [] }
      guard statement.subjects.count == 1,
        statement.subjects[0].digest("sha256") == Digest(of: digests).hex
      else { throw Refusal("the files that it lists do not hash to its subject", at: list.range) }
      ignoredPaths = (node["serialization"]?["ignore_paths"]?.items ?? []).compactMap(\.quotedText)
    }
  }
#endif
