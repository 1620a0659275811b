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
      // Another log of the same house may have the same key: its checkpoints have another name.
      guard isOrigin(signed.origin) else {
        throw Refusal("the checkpoint is of another log, `\(signed.origin)`")
      }
      let isSigned = signed.signatures.contains { signature in
        signature.hint == log.identifier.prefix(4) && signed.isNamed(signature.name)
          && log.key.verifies(signature.bytes, of: signed.text)
      }
      guard isSigned else { throw Refusal("the log has not signed the checkpoint") }
    }

    /// Whether a checkpoint's name is the log's: the ID of a log of the second version is made of both its name and its key.
    private func isOrigin(_ origin: String) -> Bool {
      guard !log.isNamedByKey, let key = log.key.edwardsBytes else { return true }
      return Digest(of: Array(origin.utf8) + [0x0A, 0x01] + key).bytes == log.identifier
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
  package struct SignedNote {
    var text: [UInt8]
    var size: Int64
    var root: [UInt8]
    var signatures: [Signature] = []
    /// The log's name: the first line.
    var origin: String

    struct Signature {
      var name: Substring
      var hint: ArraySlice<UInt8>
      var bytes: [UInt8]
    }

    package init(_ note: String) throws(Refusal) {
      let bytes = Array(note.utf8)
      let end = bytes.indices.dropLast().last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
      guard let end, bytes.last == 0x0A else { throw Refusal("the checkpoint is no signed note") }
      text = Array(bytes[...end])
      let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
      guard lines.count >= 3, !lines[0].isEmpty,
        lines[1].allSatisfy({ (0x30...0x39).contains($0) }),
        let size = Int64(String(decoding: lines[1], as: UTF8.self)), size > 0,
        let root = Base64Text.decode(String(decoding: lines[2], as: UTF8.self))
      else { throw Refusal("the checkpoint names no tree") }
      origin = String(decoding: lines[0], as: UTF8.self)
      self.size = size
      self.root = root
      // Witnesses may sign, too; whatever stands here must be a signature.
      for line in bytes[(end + 2)...].split(separator: 0x0A, omittingEmptySubsequences: false)
        .dropLast()
      {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[0] == "\u{2014}",
          let signature = Base64Text.decode(String(words[2])), signature.count > 4
        else { throw Refusal("a signature of the checkpoint cannot be read") }
        // The first four bytes are a hint to the key.
        signatures.append(
          Signature(
            name: words[1], hint: signature.prefix(4), bytes: Array(signature.dropFirst(4))))
      }
    }

    /// Whether a signature's name is that of the log; the first version writes the tree's number behind it.
    func isNamed(_ name: Substring) -> Bool { name == origin || origin.hasPrefix(name + " - ") }
  }
#endif
