/// The cases of one stretch while they are gathered: lists in arrays, found by their identities.
struct StretchCases {
  private var table: [Entry]
  private var mask: Int
  private var used = 0
  /// By case: the one that it has joined, or itself.
  private var parents: [Int32] = []
  private var cases: [Gathered] = []
  /// By record: the next of its case.
  private var next: [Int32]
  private var owned: [(hash: UInt64, next: Int32)] = []
  /// Of the present record, as many as are counted: those that nobody has yet.
  private var missing: [UInt64] = []
  private var missingCount = 0

  /// Whose an identity is; nobody has the hash 0.
  private struct Entry {
    var hash: UInt64 = 0
    var owner: Int32 = 0
  }

  private struct Gathered {
    var first: Int32
    var last: Int32
    var firstOwned: Int32 = -1
    var lastOwned: Int32 = -1
    /// What its events named last, of which then nobody needs to be asked whose it is.
    var output: UInt64 = 0
    var certificate: UInt64 = 0
    /// Records of several cases, which are then in no order.
    var isMerged = false
  }

  /// Room for so many records.
  init(count: Int) {
    var size = 1 << 8
    // An event in four brings a new identity; where more do, the table grows.
    while size < count / 2 { size *= 2 }
    table = Array(repeating: Entry(), count: size)
    mask = size - 1
    next = Array(repeating: -1, count: count)
  }

  /// The cases that have joined no other one, in the order of their first events.
  var roots: [Int32] {
    parents.indices.lazy.map { Int32($0) }.filter { parents[Int($0)] == $0 }
  }

  /// Takes all records of a stretch, each of which `note` may change before.
  mutating func gather(
    _ records: inout [EventRecord], _ links: [UInt64],
    _ note: (Int, inout EventRecord) -> Void
  ) {
    // A span: a list would be asked for each record whether it is shared.
    var records = records.mutableSpan
    for index in records.indices {
      note(index, &records[index])
      add(index, records[index], links)
    }
  }

  @inline(__always)
  private mutating func add(_ index: Int, _ record: EventRecord, _ links: [UInt64]) {
    var found: Int32 = -1
    look(record.request, &found)
    let isKnown =
      found >= 0 && cases[Int(found)].output == record.output
      && (record.certificate == 0 || cases[Int(found)].certificate == record.certificate)
    if !isKnown {
      look(record.output, &found)
      look(record.certificate, &found)
    }
    look(record.prompt, &found)
    if !record.links.isEmpty {
      for link in record.links { look(links[Int(link)], &found) }
    }
    let place = Int32(truncatingIfNeeded: index)
    if found < 0 {
      found = Int32(parents.count)
      parents.append(found)
      cases.append(Gathered(first: place, last: place))
    } else {
      next[Int(cases[Int(found)].last)] = place
      cases[Int(found)].last = place
    }
    if isKnown && missingCount == 0 { return }
    if record.output != 0 { cases[Int(found)].output = record.output }
    if record.certificate != 0 { cases[Int(found)].certificate = record.certificate }
    for index in 0..<missingCount { own(missing[index], found) }
    missingCount = 0
  }

  @inline(__always)
  private mutating func look(_ hash: UInt64, _ found: inout Int32) {
    if hash == 0 { return }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while table[slot].hash != hash {
      if table[slot].hash == 0 {
        if missingCount == missing.count {
          missing.append(hash)
        } else {
          missing[missingCount] = hash
        }
        missingCount += 1
        return
      }
      slot = (slot + 1) & mask
    }
    let owner = root(of: table[slot].owner)
    if found < 0 { found = owner } else if owner != found { found = merge(found, owner) }
  }

  @inline(__always)
  private func root(of number: Int32) -> Int32 {
    var number = number
    while parents[Int(number)] != number { number = parents[Int(number)] }
    return number
  }

  private mutating func own(_ hash: UInt64, _ number: Int32) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while table[slot].hash != 0 {
      // An event may name one text twice.
      if table[slot].hash == hash { return }
      slot = (slot + 1) & mask
    }
    table[slot] = Entry(hash: hash, owner: number)
    used += 1
    let place = Int32(truncatingIfNeeded: owned.count)
    owned.append((hash, -1))
    if cases[Int(number)].lastOwned < 0 {
      cases[Int(number)].firstOwned = place
    } else {
      owned[Int(cases[Int(number)].lastOwned)].next = place
    }
    cases[Int(number)].lastOwned = place
    if used * 2 > mask { grow() }
  }

  private mutating func grow() {
    let old = table
    mask = mask * 2 + 1
    table = Array(repeating: Entry(), count: mask + 1)
    for entry in old where entry.hash != 0 {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while table[slot].hash != 0 { slot = (slot + 1) & mask }
      table[slot] = entry
    }
  }

  /// An event names identities of two cases: from now on they are one, the one that began first.
  private mutating func merge(_ left: Int32, _ right: Int32) -> Int32 {
    let (kept, gone) = left < right ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    parents[from] = kept
    next[Int(cases[to].last)] = cases[from].first
    cases[to].last = cases[from].last
    cases[to].isMerged = true
    if cases[from].firstOwned >= 0 {
      if cases[to].lastOwned < 0 {
        cases[to].firstOwned = cases[from].firstOwned
      } else {
        owned[Int(cases[to].lastOwned)].next = cases[from].firstOwned
      }
      cases[to].lastOwned = cases[from].lastOwned
    }
    return kept
  }

  /// In the order of arrival.
  func records(of number: Int32, into list: inout [Int32]) {
    var place = cases[Int(number)].first
    while place >= 0 {
      list.append(place)
      place = next[Int(place)]
    }
    if cases[Int(number)].isMerged { list.sort() }
  }

  /// All identities that link a case's events.
  func identities(of number: Int32, into list: inout [UInt64]) {
    var place = cases[Int(number)].firstOwned
    while place >= 0 {
      list.append(owned[Int(place)].hash)
      place = owned[Int(place)].next
    }
  }
}
