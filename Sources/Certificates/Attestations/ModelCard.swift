#if Certificates
  package import SourceText

  /// A Hugging Face model card: claims and data sets in its front matter.
  package struct ModelCard: Sendable {
    package var claims: [Claim]
    /// Data sets that a claim speaks of, pinned to a revision or not.
    package var datasets: [NamedThing]
    package var range: ByteRange

    /// Whether front matter is a model card's with claims.
    package static func recognises(_ frontMatter: Node) -> Bool {
      frontMatter["model-index"]?.isList == true
    }

    /// Reads the front matter.
    package init(_ frontMatter: Node) {
      claims = []
      datasets = []
      range = frontMatter.range
      for model in frontMatter["model-index"]?.items ?? [] {
        for result in model["results"]?.items ?? [] { read(result) }
      }
    }

    private mutating func read(_ result: Node) {
      let dataset = result["dataset"]
      let names = [dataset?["name"], dataset?["type"]].compactMap { $0?.text }.filter {
        !$0.isEmpty
      }
      for metric in result["metrics"]?.items ?? [] {
        guard let name = (metric["name"] ?? metric["type"])?.text, !name.isEmpty else { continue }
        let type = metric["type"]?.text ?? name
        claims.append(
          Claim(
            metric: type, datasets: names, value: Claim.value(metric["value"]),
            saysVerified: metric["verified"]?.text?.lowercased() == "true",
            range: (metric["value"] ?? metric).range))
      }
      guard let dataset, let name = (dataset["type"] ?? dataset["name"])?.text else { return }
      let revision = dataset["revision"]?.text ?? ""
      datasets.append(
        NamedThing(
          kind: .dataset, text: name, isPinned: !revision.isEmpty,
          range: (dataset["type"] ?? dataset["name"] ?? dataset).range))
    }
  }

  /// A model, data set or image that somebody names, by digest or by something that can be moved.
  package struct NamedThing: Sendable {
    package var kind: Kind
    package var text: String
    package var isPinned: Bool
    package var range: ByteRange

    package enum Kind: String, Sendable { case model, dataset, image, file }

    package init(kind: Kind, text: String, isPinned: Bool, range: ByteRange) {
      self.kind = kind
      self.text = text
      self.isPinned = isPinned
      self.range = range
    }

    /// A resource, which is pinned where it has a digest, or its address holds one.
    package init(_ resource: Resource, _ kind: Kind) {
      let address = resource.uri ?? resource.name ?? ""
      self.init(
        kind: kind, text: resource.title,
        isPinned: !resource.digests.isEmpty || Self.holdsDigest(address), range: resource.range)
    }

    /// Whether an address names bytes: `image@sha256:…`, a commit of 40 digits.
    package static func holdsDigest(_ address: String) -> Bool {
      if address.contains("@sha256:") || address.contains("@sha512:") { return true }
      let parts = address.split { "@/?&=#".contains($0) }
      return parts.contains { part in
        part.utf8.count == 40 && part.utf8.allSatisfy(Hexadecimal.isDigit)
      }
    }
  }
#endif
