import TestSupport
import Testing

@testable import Analysis

/// Whose an identity is, against a dictionary: also where hashes have in common all that the table knows of them.
@Suite struct IdentityTableTests {
  @Test(arguments: [3, 5000])
  func `an identity is its case's until it is given away or removed`(halves: UInt64) {
    var random = SeededGenerator(seed: 5)
    var table = IdentityTable()
    var owners: [UInt64: UInt32] = [:]
    func claim(_ hash: UInt64, for owner: UInt32) -> UInt32? {
      var passed = 0
      while let known = table.claim(hash, for: owner, passing: passed) {
        if owners[hash] == known { return known }
        passed += 1
      }
      return nil
    }
    for step in 0..<20_000 {
      let hash =
        UInt64.random(in: 0..<halves, using: &random) &* 0x9E37_79B9 << 32
        | UInt64.random(in: 1...40, using: &random) << 6
        | UInt64.random(in: 0..<64, using: &random)
      let owner = UInt32(truncatingIfNeeded: step)
      switch (owners[hash], UInt64.random(in: 0..<3, using: &random)) {
      case (nil, _):
        #expect(claim(hash, for: owner) == nil)
        owners[hash] = owner
      case (let known?, 0):
        table.give(hash, of: known, to: owner)
        owners[hash] = owner
      case (let known?, 1):
        table.remove(hash, of: known)
        owners[hash] = nil
      case (let known?, _):
        #expect(claim(hash, for: owner) == known)
      }
    }
    for (hash, owner) in owners { #expect(claim(hash, for: .max - 1) == owner) }
  }
}
