/// What is proven of one output at one point of the workflow: the ways to reach it on which nothing proves it.
///
/// No such way means proven. Ways that differ only in where a check stands are one way.
struct Proof: Sendable, Hashable {
  /// Sorted by causes; at most ``limit``.
  private(set) var openWays: [OpenWay]
  /// Where the certificate was established, for the path of a finding about a proven output.
  var gate: Int?

  /// More distinct ways than this are told as one that has seen every check.
  private static let limit = 8

  static let unproven = Proof(openWays: [OpenWay()], gate: nil)

  static func proven(at site: Int?) -> Proof { Proof(openWays: [], gate: site) }

  var isProven: Bool { openWays.isEmpty }

  /// Both ways meet (XOR-join): each open way stays open.
  func merged(with other: Proof) -> Proof {
    if self == other { return self }
    // A single way stays what it is beside none.
    if isProven, other.openWays.count == 1 { return Proof(openWays: other.openWays, gate: nil) }
    if other.isProven, openWays.count == 1 { return Proof(openWays: openWays, gate: nil) }
    return Proof(normalising: openWays + other.openWays, gate: gate ?? other.gate)
  }

  /// Both have happened (AND-join): what one proves is proven.
  func joined(with other: Proof) -> Proof {
    if isProven { return self }
    if other.isProven || self == other { return other }
    var ways: [OpenWay] = []
    for way in openWays {
      for second in other.openWays { ways.append(way.union(second)) }
    }
    return Proof(normalising: ways, gate: nil)
  }

  /// A weak check was passed at a site.
  func noting(_ cause: Cause, at site: Int) -> Proof {
    // Of the same cause the first site counts.
    if openWays.allSatisfy({ $0.site(of: cause) != nil }) { return self }
    return changingWays { $0.note(cause, at: site) }
  }

  func marking(_ mark: OpenWay.Marks, at site: Int) -> Proof {
    var result = changingWays {
      $0.marks.insert(mark)
      if mark.contains(.everyVerdictPositive) { $0.note(.inconclusiveGate, at: site) }
    }
    result.openWays.removeAll { $0.marks.isSuperset(of: [.everyVerdictPositive, .someClaim]) }
    if result.openWays.isEmpty { result.gate = site }
    return result
  }

  /// A weak check at a site did not let this way through, and yet it goes on.
  func declining(at site: Int) -> Proof { changingWays { $0.decline(site) } }

  /// The same without weak checks of one cause at some sites.
  func forgetting(_ cause: Cause, at sites: [Int]) -> Proof {
    changingWays { $0.forget(cause, at: sites) }
  }

  /// The decision at a site guards nothing any more.
  func closing(_ site: Int) -> Proof { changingWays { $0.forget([site]) } }

  /// A gate has failed, and the engine's failure handling goes on.
  func bypassed(at site: Int) -> Proof { noting(.gateBypassed, at: site) }

  /// Failure handling takes over: where a certificate was looked for and not found, the gate is gone round.
  func enteringFailureHandling() -> Proof {
    changingWays { way in
      if let site = way.site(of: .timeoutFallthrough) { way.note(.gateBypassed, at: site) }
    }
  }

  private func changingWays(_ change: (inout OpenWay) -> Void) -> Proof {
    if openWays.isEmpty { return self }
    return Proof(
      normalising: openWays.map { way in
        var changed = way
        change(&changed)
        return changed
      }, gate: gate)
  }

  private init(openWays: [OpenWay], gate: Int?) {
    self.openWays = openWays
    self.gate = gate
  }

  private init(normalising ways: [OpenWay], gate: Int?) {
    if ways.count == 1, ways[0].declined.isEmpty {
      self.init(openWays: ways, gate: nil)
      return
    }
    // A check whose two results meet again guards nothing from here on, unless another one guards the second way.
    let declined = Set(ways.lazy.filter { !$0.isChecked }.flatMap(\.declined))
    let moot = declined.filter { site in ways.contains { $0.isLetThrough(by: site) } }
    var distinct: [OpenWay] = []
    for var way in ways.sorted() {
      way.forget(moot)
      if let index = distinct.firstIndex(where: { $0.isSameKind(as: way) }) {
        distinct[index] = distinct[index].union(way)
      } else {
        distinct.append(way)
      }
    }
    distinct.sort()
    if distinct.count > Self.limit {
      distinct = [distinct.dropFirst().reduce(distinct[0]) { $0.union($1) }]
    }
    self.init(openWays: distinct, gate: distinct.isEmpty ? gate : nil)
  }
}

/// A way to a point on which the output is not proven, with the weak checks it has passed.
struct OpenWay: Sendable, Hashable, Comparable {
  /// Cause and site of each weak check, sorted by cause, one site per cause.
  private(set) var checks: [Check] = []
  var marks: Marks = []
  /// Sites of weak checks that did not let this way through; sorted.
  private(set) var declined: [Int] = []

  struct Check: Sendable, Hashable {
    var cause: Cause
    var site: Int
  }

  /// Halves of a proof that needs two checks, and doubts.
  struct Marks: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let everyVerdictPositive = Marks(rawValue: 1)
    static let someClaim = Marks(rawValue: 2)
    /// Something that looks like a certificate was tested, but nothing ties it to the output.
    static let unclearGate = Marks(rawValue: 4)
  }

  /// The cause a finding tells, with its site.
  var told: Check? { checks.first }

  func site(of cause: Cause) -> Int? { checks.first { $0.cause == cause }?.site }

  mutating func note(_ cause: Cause, at site: Int) {
    if let index = checks.firstIndex(where: { $0.cause >= cause }) {
      if checks[index].cause == cause { return }
      checks.insert(Check(cause: cause, site: site), at: index)
    } else {
      checks.append(Check(cause: cause, site: site))
    }
  }

  mutating func decline(_ site: Int) {
    if !declined.contains(site) { declined = (declined + [site]).sorted() }
  }

  /// Whether any weak check let the way through.
  var isChecked: Bool { checks.contains { $0.cause.isWeakCheck } }

  /// Whether a weak check at this site let the way through.
  func isLetThrough(by site: Int) -> Bool {
    checks.contains { $0.site == site && $0.cause.isWeakCheck }
  }

  mutating func forget(_ cause: Cause, at sites: [Int]) {
    checks.removeAll { $0.cause == cause && sites.contains($0.site) }
  }

  mutating func forget(_ sites: Set<Int>) {
    if sites.isEmpty { return }
    checks.removeAll { sites.contains($0.site) && $0.cause.isWeakCheck }
    declined.removeAll(where: sites.contains)
  }

  func union(_ other: OpenWay) -> OpenWay {
    var result = self
    for check in other.checks { result.note(check.cause, at: check.site) }
    result.marks.formUnion(other.marks)
    for site in other.declined { result.decline(site) }
    return result
  }

  func isSameKind(as other: OpenWay) -> Bool {
    marks == other.marks && checks.elementsEqual(other.checks) { $0.cause == $1.cause }
  }

  /// By causes, then by marks, then by sites.
  static func < (left: OpenWay, right: OpenWay) -> Bool {
    for (one, other) in zip(left.checks, right.checks) where one.cause != other.cause {
      return one.cause < other.cause
    }
    if left.checks.count != right.checks.count { return left.checks.count < right.checks.count }
    if left.marks != right.marks { return left.marks.rawValue < right.marks.rawValue }
    for (one, other) in zip(left.checks, right.checks) where one.site != other.site {
      return one.site < other.site
    }
    return left.declined.lexicographicallyPrecedes(right.declined)
  }
}
