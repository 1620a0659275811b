/// A list in pages: it grows without moving what it holds, and so without a second copy of itself.
struct PagedList<Element: Sendable>: Sendable {
  private var pages: [[Element]] = []
  private(set) var count = 0

  private static var bits: Int { 10 }
  private static var mask: Int { 1 << bits - 1 }

  subscript(index: Int) -> Element {
    // Lent, not copied: an element may hold arrays.
    _read { yield pages[index >> Self.bits][index & Self.mask] }
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
