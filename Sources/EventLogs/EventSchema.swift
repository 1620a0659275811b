/// A vocabulary made fast: names and keys by number.
package struct EventSchema: Sendable {
  /// Canonical event names; an event's `name` is an index into it.
  package let names: [String]
  /// Canonical fields; a field's `slot` is an index into it.
  package let fields: [String]
  /// The fields that identify things, by what they identify.
  let identityFields: [String: String]
  let timeStyle: TimeStyle
  /// Which name every spelling means, by the spelling's number.
  let spellings: TextTable
  let nameOfSpelling: [UInt16]
  /// How the spellings are looked for where nothing is known to be an event yet.
  let beginnings: NameBeginnings
  /// Whether a name may have a domain before it.
  private let hasQualifiedNames: Bool
  /// What of a house's words only a look at every value can find.
  let house: HouseWords

  static let nameSlot = 0
  static let timeSlot = 1
  static let producerSlot = 2
  static let deliverySlot = 3
  /// The first slot that belongs to the protocol.
  static let firstField = 4

  /// What a key means where it stands.
  struct Key: Sendable {
    /// The slot it fills; -1 for none.
    var slot: Int16 = -1
    /// Of several keys for a slot the lowest rank counts, of equal ones the last.
    var rank: UInt8 = 0
    /// The place its members stand in, where it is an object: 0 for none.
    var child: UInt8 = 0
    /// Its text is a payload in Base64.
    var isBase64 = false
    /// Its text may be a payload.
    var isPayload = false
  }

  /// Keys that lead somewhere, by place and normalised spelling.
  private var keys: [Place]
  /// By slot: whether a text in it is hardly met twice, so that looking for it is no use.
  private var rare: [Bool] = []
  /// By slot: whether a number in it is a name.
  private let naming: [Bool]
  /// By slot: whether a text in it may be a digest.
  private let digests: [Bool]

  private struct Place: Sendable {
    var keys: [[UInt8]: Key] = [:]
  }

  /// Where the members of an event's object stand.
  static let top: UInt8 = 1
  static let payload: UInt8 = 2

  package init(_ vocabulary: LogVocabulary, envelope: Envelope = Envelope()) {
    var fields = [
      LogVocabulary.Envelope.name, LogVocabulary.Envelope.time, LogVocabulary.Envelope.producer,
      LogVocabulary.Envelope.delivery,
    ]
    for field in vocabulary.fields.keys.sorted() where !fields.contains(field) {
      fields.append(field)
    }
    for field in envelope.aliases.keys.sorted() where !fields.contains(field) {
      fields.append(field)
    }
    timeStyle = vocabulary.timeStyle
    hasQualifiedNames = envelope.hasQualifiedNames
    let house = HouseWords(vocabulary, fields: &fields)
    self.house = house
    self.fields = Array(fields.prefix(250))
    identityFields = vocabulary.identities
    naming = self.fields.map { vocabulary.naming.contains($0) }
    digests = self.fields.map { vocabulary.digests.contains($0) }

    let names = Set(vocabulary.names.values).sorted()
    var spellings = TextTable()
    var nameOfSpelling: [UInt16] = []
    for (spelling, name) in vocabulary.names.sorted(by: { $0.key < $1.key }) {
      guard let index = names.firstIndex(of: name), spellings.find(Array(spelling.utf8).span) == nil
      else { continue }
      _ = spellings.intern(spelling)
      nameOfSpelling.append(UInt16(index))
    }
    self.names = names
    self.spellings = spellings
    self.nameOfSpelling = nameOfSpelling
    beginnings = NameBeginnings(spellings)

    var places = [Place(), Place(), Place()]
    for (slot, path) in house.places {
      let path = path.utf8.split(separator: UInt8(ascii: ".")).map {
        EventSchema.normalise(Array($0))
      }
      EventSchema.add(path, slot, 0, from: Int(EventSchema.top), to: &places)
      EventSchema.add(path, slot, 1, from: Int(EventSchema.payload), to: &places)
    }
    for (slot, field) in self.fields.enumerated() where slot < house.firstPlace {
      var aliases = vocabulary.fields[field] ?? []
      if !aliases.contains(field) { aliases.insert(field, at: 0) }
      aliases += (envelope.aliases[field] ?? []).filter { !aliases.contains($0) }
      let preferred = vocabulary.preferred[field] ?? []
      aliases = preferred + aliases.filter { !preferred.contains($0) }
      if slot == EventSchema.nameSlot, !preferred.isEmpty || !house.templates.isEmpty {
        aliases = preferred
      }
      for (position, alias) in aliases.enumerated() {
        let isPreferred = position < preferred.count
        // What a house says of a key counts before what another field would make of it.
        let place = vocabulary.preferred.isEmpty || isPreferred ? position : position + 16
        let rank = UInt8(min(place * 2, 254))
        let onlyTop = !isPreferred && envelope.aliases[field]?.contains(alias) ?? false
        let path = alias.utf8.split(separator: UInt8(ascii: ".")).map {
          EventSchema.normalise(Array($0))
        }
        EventSchema.add(path, slot, rank, from: Int(EventSchema.top), to: &places)
        if !onlyTop {
          EventSchema.add(path, slot, rank + 1, from: Int(EventSchema.payload), to: &places)
        }
      }
    }
    for key in envelope.payloads {
      let bytes = EventSchema.normalise(Array(key.utf8))
      places[1].keys[bytes, default: Key()].child = EventSchema.payload
      places[1].keys[bytes]?.isPayload = true
    }
    for key in envelope.base64Payloads {
      let bytes = EventSchema.normalise(Array(key.utf8))
      places[1].keys[bytes, default: Key()].isBase64 = true
    }
    self.keys = places
  }

  /// How a format wraps an event; the canonical form by default.
  package struct Envelope: Sendable, Hashable {
    /// Names that the format itself gives to canonical fields, at the top only.
    var aliases: [String: [String]] = [:]
    var payloads = [LogVocabulary.Envelope.payload]
    var base64Payloads: [String] = []
    /// Names may begin with a domain written backwards.
    var hasQualifiedNames = false

    package init() {}
  }

  /// Whether the bytes around values say what they mean.
  package var isPlain: Bool { house.isEmpty }

  /// The slot of a canonical field.
  package func slot(of field: String) -> UInt8? {
    fields.firstIndex(of: field).map(UInt8.init(truncatingIfNeeded:))
  }

  package func index(of name: String) -> UInt16? {
    names.firstIndex(of: name).map(UInt16.init(truncatingIfNeeded:))
  }

  /// The same names and slots, reading only some of the fields; texts of the rare ones are kept as often as they are
  /// met.
  package func reading(_ wanted: Set<UInt8>, rare: Set<UInt8> = []) -> EventSchema {
    var schema = self
    for place in schema.keys.indices {
      for (spelling, key) in schema.keys[place].keys
      where key.slot >= EventSchema.firstField && key.slot < house.firstPlace {
        if !wanted.contains(UInt8(truncatingIfNeeded: key.slot)) {
          schema.keys[place].keys[spelling]?.slot = -1
        }
      }
    }
    schema.rare = fields.indices.map { rare.contains(UInt8(truncatingIfNeeded: $0)) }
    return schema
  }

  func isNaming(_ slot: UInt8) -> Bool { naming[Int(slot)] }

  func isDigest(_ slot: UInt8) -> Bool { digests[Int(slot)] }

  /// What is to be known of a slot for every value in it.
  struct Meaning: Sendable {
    /// No field of the event, but what every event has.
    var isOfEnvelope: Bool
    var isNaming: Bool
    var isDigest: Bool
  }

  func meaning(of slot: UInt8) -> Meaning {
    Meaning(
      isOfEnvelope: slot < EventSchema.firstField, isNaming: isNaming(slot),
      isDigest: isDigest(slot))
  }

  func isRare(_ slot: UInt8) -> Bool { Int(slot) < rare.count && rare[Int(slot)] }

  func key(_ spelling: Span<UInt8>, in place: UInt8) -> Key {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(spelling.count)
    for index in spelling.indices { bytes.append(spelling[index]) }
    return keys[Int(place)].keys[EventSchema.normalise(bytes)] ?? Key()
  }

  func name(_ spelling: Span<UInt8>) -> UInt16? {
    if let known = spellings.find(spelling) { return nameOfSpelling[Int(known)] }
    return hasQualifiedNames ? qualifiedName(spelling) : nil
  }

  /// The name behind a domain, `com.example.cert.issued`, and before a version, `.v1`: both parts of it, since one word
  /// of a house may be anything.
  private func qualifiedName(_ spelling: Span<UInt8>) -> UInt16? {
    var end = spelling.count
    var dots = (0..<end).filter { spelling[$0] == 0x2E }
    if let last = dots.last, EventSchema.isVersion(spelling.extracting(last + 1..<end)) {
      end = last
      dots.removeLast()
    }
    // At least `example.` before a name of two words.
    guard dots.count >= 2 else {
      return end == spelling.count ? nil : name(spelling.extracting(0..<end))
    }
    let name = spelling.extracting(dots[dots.count - 2] + 1..<end)
    return spellings.find(name).map { nameOfSpelling[Int($0)] }
  }

  /// `v1`, `v2alpha`.
  private static func isVersion(_ word: Span<UInt8>) -> Bool {
    word.count >= 2 && word[0] | 0x20 == 0x76 && word[1] &- 0x30 < 10
  }

  private static func add(
    _ path: [[UInt8]], _ slot: Int, _ rank: UInt8, from place: Int, to places: inout [Place]
  ) {
    var place = place
    for component in path.dropLast() {
      var child = Int(places[place].keys[component]?.child ?? 0)
      if child == 0 {
        if places.count == 255 { return }
        child = places.count
        places.append(Place())
        places[place].keys[component, default: Key()].child = UInt8(child)
      }
      place = child
    }
    guard let last = path.last else { return }
    // A key serves one field: the one that prefers it most.
    if let key = places[place].keys[last], key.slot >= 0, key.rank <= rank { return }
    places[place].keys[last, default: Key()].slot = Int16(slot)
    places[place].keys[last, default: Key()].rank = rank
  }

  /// Without case, `-`, `_` and the blanks of spreadsheets; `@timestamp` keeps its sign.
  static func normalise(_ bytes: [UInt8]) -> [UInt8] {
    bytes.compactMap { byte in
      switch byte {
      case 0x20, 0x2D, 0x5F: nil
      case 0x41...0x5A: byte | 0x20
      default: byte
      }
    }
  }
}
