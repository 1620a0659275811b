import Findings
import SourceText
import Workflows

/// Gates that are written at once, each for the findings that it is to end.
struct GateSet {
  /// One proposal, and whom it serves.
  struct Member {
    var gate: Gate
    var findings: [Finding]

    /// Where the gate's step stands, for the order of what is put in at one place.
    fileprivate var route: Substring { findings.first?.stepRoute ?? "" }
  }

  private(set) var members: [Member] = []
  /// All changes, in file order.
  private(set) var edits: [TextEdit] = []

  init() {}

  init(_ members: some Sequence<Member>) {
    for member in members { _ = insert(member) }
  }

  var findings: [Finding] { members.flatMap(\.findings) }

  /// Takes a gate in, unless it changes what another one changes.
  mutating func insert(_ member: Member) -> Bool {
    if let index = members.firstIndex(where: { $0.gate.edits == member.gate.edits }) {
      members[index].findings += member.findings
      return true
    }
    var joined = edits
    for edit in member.gate.edits where !joined.contains(edit) {
      if let index = joined.firstIndex(where: {
        $0.range == edit.range && edit.range.start == edit.range.end
      }) {
        // What two steps have put in before one entry stands there in turn; what one step gets twice is an error.
        guard !members.contains(where: { $0.route == member.route }) else { return false }
        joined[index].text += edit.text
      } else if joined.contains(where: { Self.touch($0.range, edit.range) }) {
        return false
      } else {
        joined.append(edit)
      }
    }
    edits = joined.sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
    members.append(member)
    return true
  }

  private static func touch(_ left: ByteRange, _ right: ByteRange) -> Bool {
    left.start == right.start || (left.start < right.end && right.start < left.end)
  }
}

extension FixFinder {
  /// The changes that end as many findings as can be ended at once.
  ///
  /// One trial judges all gates together; only where they do not hold are they tried by halves. A gate behind another
  /// one may have nothing left to do: who ends whose finding is seen where halves of them are written, by the bits of
  /// their numbers.
  mutating func changes(ending wanted: [Finding]) -> [Fix.Edit] {
    var set = GateSet()
    for finding in wanted {
      guard let gate = gates(for: finding).first else { continue }
      _ = set.insert(GateSet.Member(gate: gate, findings: [finding]))
    }
    var accepted = GateSet()
    accept(needed(of: set.members)[...], into: &accepted)
    return accepted.edits.map(edit)
  }

  private mutating func accept(_ members: ArraySlice<GateSet.Member>, into accepted: inout GateSet)
  {
    if members.isEmpty || took(members, into: &accepted) { return }
    if members.count > 1 {
      let middle = members.startIndex + members.count / 2
      accept(members[..<middle], into: &accepted)
      accept(members[middle...], into: &accepted)
      return
    }
    for finding in members.flatMap(\.findings) {
      for gate in gates(for: finding).dropFirst() {
        if took([GateSet.Member(gate: gate, findings: [finding])], into: &accepted) { break }
      }
    }
  }

  private mutating func took(
    _ members: ArraySlice<GateSet.Member>, into accepted: inout GateSet
  ) -> Bool {
    var joined = accepted
    for member in members where !joined.insert(member) { return false }
    guard holds(joined.edits, for: joined.findings) else { return false }
    accepted = joined
    return true
  }

  /// The gates without those whose findings are gone where others are written.
  private mutating func needed(of members: [GateSet.Member]) -> [GateSet.Member] {
    let rounds = Int.bitWidth - (members.count - 1).leadingZeroBitCount
    guard members.count > 1, trialsLeft > 2 * rounds else { return members }
    var needless: Set<Int> = []
    var bit = 1
    var idle = 0
    // Gates that end others' findings mostly end many: where two rounds show none, there is hardly one.
    while bit < members.count, idle < 2 {
      let known = needless.count
      for side in [0, bit] {
        let written = members.indices.filter { $0 & bit == side }
        let set = GateSet(written.map { members[$0] })
        guard let after = findings(after: set.edits) else { continue }
        let left = FindingKey.counts(after)
        for index in members.indices where index & bit != side {
          let isEnded = members[index].findings.allSatisfy { left[FindingKey($0)] == nil }
          if isEnded { needless.insert(index) }
        }
      }
      bit <<= 1
      idle = needless.count == known ? idle + 1 : 0
    }
    let needed = members.indices.filter { !needless.contains($0) }
    // Gates that can each do the work of the other: the first of them is written.
    return needed.isEmpty ? Array(members.prefix(1)) : needed.map { members[$0] }
  }
}
