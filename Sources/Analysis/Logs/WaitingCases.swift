/// Suspects at the end of the logs, which wait for their turn to be judged in as little room as an open case.
struct WaitingCases: Sendable {
  private var shelf = CaseShelf()
  private var large: [Int: SettledCase] = [:]
  private var entries: [Entry] = []
  private var next = 0

  private struct Entry: Sendable {
    var place: CaseShelf.Place?
    var loud: LoudRules
    var isContinued: Bool
  }

  mutating func append(_ one: SettledCase, _ loud: LoudRules, isContinued: Bool) {
    var entry = Entry(loud: loud, isContinued: isContinued)
    if let words = one.packed(atMost: CaseShelf.largest) {
      entry.place = shelf.add([], words[...])
    } else {
      large[entries.count] = one
    }
    entries.append(entry)
  }

  mutating func popFirst() -> ClosedCase? {
    if next == entries.count { return nil }
    let entry = entries[next]
    var events = SettledCase()
    if let place = entry.place {
      events = SettledCase(packed: shelf.words(at: place))
      shelf.remove(place)
    } else if let one = large.removeValue(forKey: next) {
      events = one
    }
    next += 1
    return ClosedCase(events: events, loud: entry.loud, isContinued: entry.isContinued)
  }
}
