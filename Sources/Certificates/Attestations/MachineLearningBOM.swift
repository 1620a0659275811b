#if Certificates
  package import SourceText

  /// A CycloneDX bill of materials that lists machine-learning models.
  package struct MachineLearningBOM: Sendable {
    package var claims: [Claim]
    /// Models, data sets and containers, pinned by a hash or not.
    package var things: [NamedThing]
    /// Files that the components name with their hashes.
    package var files: [Resource]
    package var range: ByteRange

    /// Whether an object is such a bill.
    package static func recognises(_ node: Node) -> Bool {
      guard node["bomFormat"]?.quotedText == "CycloneDX" else { return false }
      let components =
        (node["components"]?.items ?? []) + [node["metadata"]?["component"]].compactMap(\.self)
      return components.contains { $0["type"]?.quotedText == "machine-learning-model" }
    }

    /// Reads the bill.
    package init(_ node: Node) {
      claims = []
      things = []
      files = []
      range = node.range
      if let component = node["metadata"]?["component"] { read(component) }
      for component in node["components"]?.items ?? [] { read(component) }
    }

    private mutating func read(_ component: Node) {
      let kinds: [String: NamedThing.Kind] = [
        "machine-learning-model": .model, "data": .dataset, "container": .image,
      ]
      guard let kind = component["type"]?.quotedText.flatMap({ kinds[$0] }),
        let name = component["name"]?.quotedText
      else { return }
      let digests = (component["hashes"]?.items ?? []).compactMap { hash -> (String, String)? in
        guard let algorithm = hash["alg"]?.quotedText, let value = hash["content"]?.quotedText
        else {
          return nil
        }
        let plain = String(algorithm.lowercased().filter { $0 != "-" })
        return (plain, value.lowercased())
      }
      let version = component["version"]?.quotedText ?? ""
      let address = component["purl"]?.quotedText ?? ""
      things.append(
        NamedThing(
          kind: kind, text: version.isEmpty ? name : "\(name) \(version)",
          isPinned: !digests.isEmpty || NamedThing.holdsDigest(address)
            || NamedThing.holdsDigest(version),
          range: (component["name"] ?? component).range))
      if kind != .image, !digests.isEmpty {
        files.append(
          Resource(name: name, digests: digests, range: (component["name"] ?? component).range))
      }
      let card = component["modelCard"]
      let datasets = (card?["modelParameters"]?["datasets"]?.items ?? []).compactMap {
        $0["name"]?.quotedText
      }
      let saysVerified = (component["properties"]?.items ?? []).contains { property in
        let name = property["name"]?.quotedText?.lowercased() ?? ""
        return ["verified", "tested", "attested", "evaluated"].contains { name.hasSuffix($0) }
          && ["true", "yes", "passed"].contains(property["value"]?.quotedText?.lowercased())
      }
      for metric in card?["quantitativeAnalysis"]?["performanceMetrics"]?.items ?? [] {
        guard let type = metric["type"]?.quotedText else { continue }
        let slice = metric["slice"]?.quotedText
        claims.append(
          Claim(
            metric: type, datasets: slice.map { [$0] + datasets } ?? datasets,
            value: Claim.value(metric["value"]), saysVerified: saysVerified,
            range: (metric["value"] ?? metric).range))
      }
    }
  }
#endif
