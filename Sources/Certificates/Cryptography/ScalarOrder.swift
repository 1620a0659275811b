#if Certificates
  /// The order of a curve's group: scalars of signatures must lie below it.
  struct ScalarOrder: Sendable {
    /// The most significant byte first.
    private let bytes: [UInt8]

    static let ed25519 = ScalarOrder(
      "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")
    static let p256 = ScalarOrder(
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")

    private init(_ hexadecimal: String) { bytes = Hexadecimal.decode(hexadecimal) ?? [] }

    func exceeds(bigEndian scalar: some Collection<UInt8>) -> Bool {
      scalar.lexicographicallyPrecedes(bytes)
    }

    func exceeds(littleEndian scalar: some BidirectionalCollection<UInt8>) -> Bool {
      scalar.reversed().lexicographicallyPrecedes(bytes)
    }
  }
#endif
