#if Certificates
  import SourceText

  /// What is known of the files that attestations name: each opened and hashed once.
  package actor ArtifactSearch {
    private let jobs: Int
    /// Larger files are refused.
    private let mostBytes: Int
    private let notify: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    /// By absolute path, then by algorithm.
    private var known: [String: Outcome] = [:]

    enum Outcome: Sendable {
      case hashed(FoundFile)
      case refused(String)
      case unreadable
    }

    /// A name that an attestation gives a file, and where it may lie.
    struct Request: Sendable, Hashable {
      var name: String
      /// The folder of the attestation.
      var folder: String
      var root: String
      var algorithms: Set<Digest.Algorithm>
    }

    /// A file of a name that was asked for.
    struct FoundFile: Sendable {
      var digests: [Digest.Algorithm: String]
      /// When it was last written, as the file system says: a checkout or a copy is a writing, too.
      var modified: Instant
    }

    /// What a name led to.
    enum Answer: Sendable {
      /// Each file of that name, the nearest first.
      case found([FoundFile])
      case missing
      case refused(String)
    }

    package init(
      jobs: Int, mostBytes: Int = .max,
      notify: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) {
      self.jobs = jobs
      self.mostBytes = mostBytes
      self.notify = notify
    }

    /// The answers to requests, in their order.
    func answers(to requests: [Request]) async -> [Answer] {
      var pending: [(path: String, file: ArtifactHandle, algorithms: Set<Digest.Algorithm>)] = []
      var algorithms: [String: Set<Digest.Algorithm>] = [:]
      for request in requests {
        for (path, _) in Self.candidates(request) {
          algorithms[path, default: []].formUnion(request.algorithms)
        }
      }
      var opened: Set<String> = []
      for request in requests where ArtifactFinder.refusal(of: request.name) == nil {
        for (path, name) in Self.candidates(request) where known[path] == nil {
          guard opened.insert(path).inserted else { continue }
          switch ArtifactFinder(root: request.root).find(name) {
          case .missing: break
          case .refused(let reason): known[path] = .refused(reason)
          case .file(let file) where file.size > mostBytes:
            known[path] = .refused("it is too large to be hashed while somebody types")
          case .file(let file): pending.append((path, file, algorithms[path] ?? []))
          }
          // Open files are few even where an attestation names thousands.
          if pending.count >= 64 { await hash(&pending) }
        }
      }
      await hash(&pending)
      return requests.map(answer)
    }

    private func hash(
      _ pending: inout [(path: String, file: ArtifactHandle, algorithms: Set<Digest.Algorithm>)]
    ) async {
      let batch = pending
      pending = []
      let digests = await ArtifactHasher.digests(
        of: batch.map { ($0.file, $0.algorithms) }, jobs: jobs, notify: notify)
      for (item, digests) in zip(batch, digests) {
        known[item.path] =
          digests.map { .hashed(FoundFile(digests: $0, modified: item.file.modified)) }
          ?? .unreadable
      }
    }

    private func answer(_ request: Request) -> Answer {
      if let reason = ArtifactFinder.refusal(of: request.name) { return .refused(reason) }
      var found: [FoundFile] = []
      var refusal: String?
      for (path, _) in Self.candidates(request) {
        switch known[path] {
        case .hashed(let file)?: found.append(file)
        case .refused(let reason)?: refusal = refusal ?? reason
        case .unreadable?: refusal = refusal ?? "it cannot be read"
        case nil: break
        }
      }
      if !found.isEmpty { return .found(found) }
      return refusal.map { .refused($0) } ?? .missing
    }

    /// From the attestation's folder up to the checked one; the names start from the latter.
    private static func candidates(_ request: Request) -> [(path: String, name: String)] {
      let parts = request.name.split(separator: "/").filter { $0 != "." }
      guard !parts.isEmpty, ArtifactFinder.refusal(of: request.name) == nil else { return [] }
      let root = request.root.split(separator: "/")
      let folder = request.folder.split(separator: "/")
      let isInside = folder.starts(with: root)
      let depths = isInside ? (root.count...folder.count).reversed() : [folder.count]
      return depths.map { depth in
        let path = folder[..<depth] + parts
        return (
          "/" + path.joined(separator: "/"),
          path.dropFirst(isInside ? root.count : 0).joined(separator: "/")
        )
      }
    }
  }
#endif
