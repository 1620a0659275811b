/// The records of one case in the order of arrival, where they stand among those of others: none of them is moved.
struct CaseRecords: Sendable {
  let all: [EventRecord]
  private(set) var places: [Int32]

  /// - Parameters:
  ///   - all: the records of many cases.
  ///   - places: which of them are the case's, in the order of arrival.
  init(_ all: [EventRecord], at places: [Int32]) {
    self.all = all
    self.places = places
  }

  /// A case of all of the records.
  init(_ all: [EventRecord]) {
    self.init(all, at: Array(0..<Int32(truncatingIfNeeded: all.count)))
  }

  init() { self.init([], at: []) }

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }
  var indices: Range<Int> { 0..<places.count }

  subscript(index: Int) -> EventRecord {
    @inline(__always) _read { yield all[Int(places[index])] }
  }

  mutating func remove(at index: Int) { places.remove(at: index) }
}
