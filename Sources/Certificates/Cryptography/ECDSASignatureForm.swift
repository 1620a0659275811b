#if Certificates
  /// The two forms that ECDSA P-256 signatures have: DER, and r and s side by side.
  enum ECDSASignatureForm {
    case raw([UInt8])
    case problem(String)

    /// The signature as 64 bytes, r and s each at least 1 and below the order.
    static func raw(of signature: [UInt8]) -> ECDSASignatureForm {
      // 64 bytes that begin like DER are taken for DER only where they are all of it.
      if signature.count == 64, !isWholeDER(signature) { return checked(signature) }
      guard signature.first == 0x30 else {
        return .problem("an ECDSA P-256 signature is DER or 64 bytes, this is neither")
      }
      guard isWholeDER(signature) else {
        return .problem("its DER says another length than it has")
      }
      var rest = signature[2...]
      guard let r = integer(&rest), let s = integer(&rest) else {
        return .problem("its DER is not that of two positive integers, shortest form")
      }
      guard rest.isEmpty else { return .problem("bytes follow the two integers in its DER") }
      return checked(r + s)
    }

    private static func isWholeDER(_ bytes: [UInt8]) -> Bool {
      bytes.count >= 8 && bytes[0] == 0x30 && bytes[1] < 0x80 && Int(bytes[1]) == bytes.count - 2
        && bytes[2] == 2
    }

    /// An INTEGER as DER writes it: not negative, without needless zeros, as 32 bytes.
    private static func integer(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
      guard rest.popFirst() == 2, let length = rest.popFirst(), length >= 1, length <= 33,
        rest.count >= Int(length)
      else { return nil }
      var bytes = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      guard let first = bytes.first, first < 0x80 else { return nil }
      if first == 0, bytes.count > 1 {
        bytes = bytes.dropFirst()
        guard let second = bytes.first, second >= 0x80 else { return nil }
      }
      guard bytes.count <= 32 else { return nil }
      return Array(repeating: 0, count: 32 - bytes.count) + bytes
    }

    private static func checked(_ raw: [UInt8]) -> ECDSASignatureForm {
      for (name, part) in [("r", raw[..<32]), ("s", raw[32...])] {
        if part.allSatisfy({ $0 == 0 }) { return .problem("its \(name) is 0") }
        guard ScalarOrder.p256.exceeds(bigEndian: part) else {
          return .problem("its \(name) is not below the order of the curve")
        }
      }
      return .raw(raw)
    }
  }
#endif
