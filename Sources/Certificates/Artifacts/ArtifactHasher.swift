#if Certificates
  import Synchronization

  /// Hashes files in pieces, several at a time, in constant memory.
  package enum ArtifactHasher {
    private static let pieceBytes = 1 << 20

    /// The digests of a file, in one pass; `nil` where it cannot be read to its end.
    ///
    /// Git LFS leaves a pointer where a large file was not fetched: its digest is the file's own.
    package static func digests(
      of file: ArtifactHandle, _ algorithms: Set<Digest.Algorithm>,
      progress: (Int) -> Void = { _ in }
    ) -> [Digest.Algorithm: String]? {
      if let pointer = LargeFilePointer(file) {
        progress(file.size)
        return algorithms.contains(.sha256) ? [.sha256: pointer.digest] : [:]
      }
      var streams = algorithms.map { DigestStream($0) }
      var buffer = [UInt8](repeating: 0, count: min(pieceBytes, file.size + 1))
      var offset = 0
      while true {
        guard let count = file.read(into: &buffer, at: offset) else { return nil }
        if count == 0 { break }
        for index in streams.indices { streams[index].update(buffer[..<count]) }
        offset += count
        progress(count)
      }
      return Dictionary(uniqueKeysWithValues: streams.map { ($0.algorithm, $0.digest.hex) })
    }

    /// The digests of many files in their order, so many at a time.
    ///
    /// - Parameters:
    ///   - files: what to hash, and how.
    ///   - jobs: how many files at a time.
    ///   - notify: told now and then how many bytes of all are done.
    /// - Returns: the digests; `nil` for a file that could not be read.
    package static func digests(
      of files: [(file: ArtifactHandle, algorithms: Set<Digest.Algorithm>)], jobs: Int,
      notify: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) async -> [[Digest.Algorithm: String]?] {
      let advance = Advance(total: files.reduce(0) { $0 + $1.file.size })
      @Sendable func digests(at index: Int) -> [Digest.Algorithm: String]? {
        Self.digests(of: files[index].file, files[index].algorithms) { count in
          let done = advance.add(count)
          notify?(done, advance.total)
        }
      }
      // A few small files are read before a thread has started.
      let workers = advance.total < 1 << 22 ? 1 : min(jobs, files.count)
      guard workers > 1 else { return files.indices.map(digests) }
      return await withTaskGroup(of: [(Int, [Digest.Algorithm: String]?)].self) { group in
        for _ in 0..<workers {
          group.addTask {
            var done: [(Int, [Digest.Algorithm: String]?)] = []
            while case let index = advance.take(), index < files.count {
              done.append((index, digests(at: index)))
            }
            return done
          }
        }
        var results = [[Digest.Algorithm: String]?](repeating: nil, count: files.count)
        for await part in group {
          for (index, digests) in part { results[index] = digests }
        }
        return results
      }
    }

    /// What the threads share: the next file, and the bytes that are done.
    private final class Advance: Sendable {
      let total: Int
      private let next = Atomic<Int>(0)
      private let done = Atomic<Int>(0)

      init(total: Int) { self.total = total }

      func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
      func add(_ count: Int) -> Int { done.wrappingAdd(count, ordering: .relaxed).newValue }
    }
  }

  /// What Git LFS puts in the place of a file: its digest and size.
  struct LargeFilePointer {
    var digest: String

    private static let mostBytes = 1024
    private static let firstLine = "version https://git-lfs.github.com/spec/v1"

    init?(_ file: ArtifactHandle) {
      guard file.size > 0, file.size <= Self.mostBytes else { return nil }
      var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
      guard let count = file.read(into: &bytes, at: 0) else { return nil }
      let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
      guard lines.first == Self.firstLine[...] else { return nil }
      for line in lines where line.hasPrefix("oid sha256:") {
        let digest = line.dropFirst(11).lowercased()
        guard digest.utf8.count == 64, digest.utf8.allSatisfy(Hexadecimal.isDigit)
        else { return nil }
        self.digest = digest
        return
      }
      return nil
    }
  }
#endif
