/// Keeps what is left of settled cases, in pages that are used again once all their cases are gone: no allocation, and no
/// room, for a case of its own.
struct CaseShelf: Sendable {
  /// Where a case stands: its identities, then what is left of it.
  struct Place: Sendable {
    fileprivate var page: UInt32
    fileprivate var first: UInt32
    fileprivate var identities: UInt32
    fileprivate var words: UInt32
  }

  private var pages: [[UInt64]] = []
  /// By page: how many cases stand in it.
  private var living: [Int32] = []
  private var free: [UInt32] = []
  /// The page that is being filled.
  private var current: UInt32?
  /// Nothing comes any more: pages that are not used go.
  var isEnding = false
  /// How many words are in use.
  private(set) var count = 0

  private static let pageSize = 1 << 13
  /// Larger cases are not put here.
  static let largest = 1 << 9

  /// Adds a case whose lines were counted behind so many others.
  mutating func add(
    _ identities: [UInt64], _ words: ArraySlice<UInt64>, behind lines: UInt32 = 0
  ) -> Place {
    let size = identities.count + words.count
    let page = Int(room(for: size))
    let place = Place(
      page: UInt32(page), first: UInt32(pages[page].count), identities: UInt32(identities.count),
      words: UInt32(words.count))
    pages[page] += identities
    let line = pages[page].count + SettledCase.lineWord
    pages[page] += words
    pages[page][line] = SettledCase.moved(pages[page][line], behind: lines)
    living[page] += 1
    count += size
    return place
  }

  private mutating func room(for size: Int) -> UInt32 {
    if let current, pages[Int(current)].count + size <= CaseShelf.pageSize { return current }
    if let current, living[Int(current)] == 0 { discard(current) }
    let page = free.popLast() ?? UInt32(pages.count)
    if Int(page) == pages.count {
      var fresh: [UInt64] = []
      fresh.reserveCapacity(CaseShelf.pageSize)
      pages.append(fresh)
      living.append(0)
    }
    current = page
    return page
  }

  mutating func remove(_ place: Place) {
    living[Int(place.page)] -= 1
    count -= Int(place.identities + place.words)
    if living[Int(place.page)] == 0 && place.page != current { discard(place.page) }
  }

  private mutating func discard(_ page: UInt32) {
    if isEnding {
      pages[Int(page)] = []
      return
    }
    pages[Int(page)].removeAll(keepingCapacity: true)
    free.append(page)
  }

  func identities(at place: Place) -> ArraySlice<UInt64> {
    pages[Int(place.page)][Int(place.first)..<Int(place.first + place.identities)]
  }

  func words(at place: Place) -> ArraySlice<UInt64> {
    let first = Int(place.first + place.identities)
    return pages[Int(place.page)][first..<first + Int(place.words)]
  }
}
