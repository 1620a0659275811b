import EventLogs
import Rules

/// The events of a case that belong to a selection and share an identity, in the order of the file.
struct CaseMembers: Sequence, IteratorProtocol {
  private let events: [CaseEvent]
  /// Where they are known already; else the case is looked through.
  private let list: [Int]?
  private let selection: UInt64
  private let identity: EventIdentity
  private let text: UInt32
  private var position = 0

  init(of one: LogCase, _ selection: Int, by identity: EventIdentity, _ text: UInt32) {
    events = one.events
    self.selection = 1 << UInt64(selection)
    self.identity = identity
    self.text = text
    if identity != .anything && text == Event.nobody {
      list = []
    } else {
      list = one.index?.members(selection, by: identity, text)
    }
  }

  /// Members that were picked already.
  init(_ list: [Int]) {
    events = []
    self.list = list
    selection = 0
    identity = .anything
    text = Event.nobody
  }

  mutating func next() -> Int? {
    if let list {
      if position == list.count { return nil }
      position += 1
      return list[position - 1]
    }
    while position < events.count {
      let event = events[position]
      position += 1
      guard event.selections & selection != 0 else { continue }
      if identity == .anything || event.text(of: identity) == text { return position - 1 }
    }
    return nil
  }
}

/// The events of a large case by selection and identity: looking through all of them for each would cost the square.
struct CaseIndex {
  /// Smaller cases are looked through.
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
    let text = identity == .anything ? Event.nobody : text
    return lists[Key(selection: UInt8(selection), identity: identity, text: text)] ?? []
  }
}
