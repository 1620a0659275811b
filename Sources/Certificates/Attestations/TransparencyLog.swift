#if Certificates
  import SourceText

  /// Checks what a transparency log says of an entry, offline: its promise, its tree, and its signature over the tree's root.
  struct TransparencyLog {
    let log: SigstoreRoot.Log
    let entry: SigstoreBundle.LogEntry

    /// Throws where the log did not say this.
    ///
    /// - Returns: when the log took the entry; `nil` where no signature covers a time.
    func check() throws(Refusal) -> Instant? {
      var isIncluded = false
      if let proof = entry.proof {
        guard proof.checkpoint != nil || entry.promise != nil else {
          throw Refusal("the inclusion proof has no checkpoint, so its root is anybody's")
        }
        try check(proof)
        isIncluded = proof.checkpoint != nil
      }
      guard let promise = entry.promise, let seconds = entry.integratedSeconds else {
        guard isIncluded else {
          throw Refusal("neither a promise nor a proof of inclusion is there")
        }
        return nil
      }
      guard log.key.verifies(promise, of: promised(at: seconds)) else {
        throw Refusal("the log's signed entry timestamp does not fit the entry")
      }
      return Instant(seconds: seconds)
    }

    /// What the log promises to include: the entry in canonical JSON.
    private func promised(at seconds: Int64) -> [UInt8] {
      let body = Base64Text.encode(entry.body)
      let log = Hexadecimal.encode(entry.logID)
      return Array(
        "{\"body\":\"\(body)\",\"integratedTime\":\(seconds),\"logID\":\"\(log)\",\"logIndex\":\(entry.index)}"
          .utf8)
    }

    private func check(_ proof: SigstoreBundle.InclusionProof) throws(Refusal) {
      guard let root = Self.root(of: proof, leaf: Self.hash([0x00] + entry.body)) else {
        throw Refusal("the inclusion proof has another length than its tree asks for")
      }
      guard root == proof.root else {
        throw Refusal("the inclusion proof does not lead to the root that it names")
      }
      guard let checkpoint = proof.checkpoint else { return }
      let signed = try SignedNote(checkpoint)
      guard signed.size == proof.treeSize, signed.root == proof.root else {
        throw Refusal("the checkpoint speaks of another tree")
      }
      guard signed.signatures.contains(where: { log.key.verifies($0, of: signed.text) }) else {
        throw Refusal("the log has not signed the checkpoint")
      }
    }

    /// RFC 9162, 2.1.3.2; `nil` where the proof is too short or too long.
    static func root(of proof: SigstoreBundle.InclusionProof, leaf: [UInt8]) -> [UInt8]? {
      guard proof.index >= 0, proof.index < proof.treeSize else { return nil }
      var number = proof.index
      var last = proof.treeSize - 1
      var root = leaf
      for hash in proof.hashes {
        guard last != 0, hash.count == 32 else { return nil }
        if number & 1 == 1 || number == last {
          root = Self.hash([0x01] + hash + root)
          while number & 1 == 0, number != 0 {
            number >>= 1
            last >>= 1
          }
        } else {
          root = Self.hash([0x01] + root + hash)
        }
        number >>= 1
        last >>= 1
      }
      return last == 0 ? root : nil
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] { Digest(of: bytes).bytes }
  }

  /// A checkpoint: a text that ends in an empty line, and signatures over it.
  struct SignedNote {
    var text: [UInt8]
    var size: Int64
    var root: [UInt8]
    var signatures: [[UInt8]] = []

    init(_ note: String) throws(Refusal) {
      let bytes = Array(note.utf8)
      let end = bytes.indices.dropLast().last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
      guard let end else { throw Refusal("the checkpoint is no signed note") }
      text = Array(bytes[...end])
      let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
      guard lines.count >= 3, let size = Int64(String(decoding: lines[1], as: UTF8.self)), size > 0,
        let root = Base64Text.decode(String(decoding: lines[2], as: UTF8.self))
      else { throw Refusal("the checkpoint names no tree") }
      self.size = size
      self.root = root
      for line in bytes[(end + 2)...].split(separator: 0x0A) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[0] == "\u{2014}",
          let signature = Base64Text.decode(String(words[2])), signature.count > 4
        else { continue }
        // The first four bytes are a hint to the key.
        signatures.append(Array(signature.dropFirst(4)))
      }
    }
  }
#endif
