/// A list in pages: it grows without moving what it holds, and so without a second copy of itself.
struct PagedList<Element: Sendable>: Sendable {
  private var pages: [[Element]] = []
  private(set) var count = 0

  private static var bits: Int { 10 }
  private static var mask: Int { 1 << bits - 1 }

  subscript(index: Int) -> Element {
    get { pages[index >> Self.bits][index & Self.mask] }
    _modify { yield &pages[index >> Self.bits][index & Self.mask] }
  }

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      var page: [Element] = []
      page.reserveCapacity(1 << Self.bits)
      pages.append(page)
    }
    pages[count >> Self.bits].append(element)
    count += 1
  }
}

/// A queue in pages: what was taken out needs no room.
struct PagedQueue<Element: Sendable>: Sendable {
  private var pages: [[Element]] = []
  /// The page that is taken from, and the place in it.
  private var page = 0
  private var place = 0
  private(set) var count = 0

  private static var pageSize: Int { 4096 }

  var first: Element? { count == 0 ? nil : pages[page][place] }

  mutating func append(_ element: Element) {
    if page == pages.count || pages[pages.count - 1].count == Self.pageSize {
      var fresh: [Element] = []
      fresh.reserveCapacity(Self.pageSize)
      pages.append(fresh)
    }
    pages[pages.count - 1].append(element)
    count += 1
  }

  mutating func removeFirst() {
    place += 1
    count -= 1
    if place < Self.pageSize { return }
    pages[page] = []
    place = 0
    page += 1
    if page < 64 { return }
    pages.removeFirst(page)
    page = 0
  }
}
