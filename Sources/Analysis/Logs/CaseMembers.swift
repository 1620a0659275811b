import EventLogs
import Rules

/// The events of a case that belong to a selection and share an identity, in the order of the file.
struct CaseMembers: Sequence, IteratorProtocol {
  /// Of a small case, a bit each.
  private var bits: UInt64 = 0
  /// Of a large one, where they are known already.
  private let list: [Int]
  private var position = 0

  init(of one: LogCase, _ selection: Int, by identity: EventIdentity, _ text: UInt32) {
    if let index = one.index {
      list = index.members(selection, by: identity, text)
    } else {
      list = []
      bits = one.members(selection, by: identity, text)
    }
  }

  /// Members that were picked already.
  init(_ list: [Int]) { self.list = list }

  @inline(__always)
  mutating func next() -> Int? {
    if bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      return index
    }
    if position == list.count { return nil }
    position += 1
    return list[position - 1]
  }
}

/// The events of a large case by selection and identity: looking through all of them for each would cost the square.
struct CaseIndex {
  /// Smaller cases are looked through, by a bit for each event.
  static let fewestEvents = 48

  private var lists: [Key: [Int]] = [:]

  private struct Key: Hashable {
    var selection: UInt8
    var identity: EventIdentity
    var text: UInt32
  }

  init(_ events: [CaseEvent]) {
    for (index, event) in events.enumerated() {
      var rest = event.selections
      while rest != 0 {
        let selection = UInt8(rest.trailingZeroBitCount)
        rest &= rest - 1
        for identity in [EventIdentity.output, .request, .prompt, .certificate] {
          let text = event.text(of: identity)
          if text == Event.nobody { continue }
          lists[Key(selection: selection, identity: identity, text: text), default: []].append(
            index)
        }
        let key = Key(selection: selection, identity: .anything, text: Event.nobody)
        lists[key, default: []].append(index)
      }
    }
  }

  func members(_ selection: Int, by identity: EventIdentity, _ text: UInt32) -> [Int] {
    var text = text
    if case .anything = identity { text = Event.nobody } else if text == Event.nobody { return [] }
    return lists[Key(selection: UInt8(selection), identity: identity, text: text)] ?? []
  }
}
