import EventLogs

/// A record as an open case of a stretch keeps it, in half the room: what is written to memory here, and read again by
/// case, is much of what an event costs.
///
/// What most records of a case have in common stands once: the identities with the case, selections and facts among the
/// kinds that were met.
struct PackedRecord: Sendable {
  private var time: Int64
  private var delivery: UInt64
  /// The offset, then the length.
  private var place: UInt64
  private var line: UInt32
  private var serial: UInt32
  private var producer: UInt32
  private var step: UInt32
  private var kind: UInt16
  /// A bit for each kind of identity that it names, which is the case's.
  private var named: UInt8 = 0
  /// Where the record stands as it was, if it does not fit; -1 for nowhere.
  var whole: Int32 = -1
  private var values = ComparedValues()

  private static let lengthBits: UInt64 = 24

  /// `nil` for a record that does not fit.
  init?(_ record: EventRecord, kind: UInt16, beside identities: SIMD4<UInt64>) {
    let (offset, length) = (UInt64(bitPattern: record.offset), UInt64(record.length))
    if !record.links.isEmpty || length >> PackedRecord.lengthBits != 0
      || offset >> (64 - PackedRecord.lengthBits) != 0 || record.serial >> 32 != 0
    {
      return nil
    }
    time = record.time
    delivery = record.delivery
    place = offset << PackedRecord.lengthBits | length
    line = record.line
    serial = UInt32(truncatingIfNeeded: record.serial)
    producer = record.producer
    step = record.step
    self.kind = kind
    func name(_ hash: UInt64, _ number: Int) -> Bool {
      if hash == 0 { return true }
      named |= 1 << UInt8(number)
      return hash == identities[number]
    }
    guard name(record.request, 0), name(record.output, 1), name(record.certificate, 2),
      name(record.prompt, 3)
    else { return nil }
    values = record.values
  }

  /// Stands for a record that is kept as it was.
  init(whole: Int32) {
    time = 0
    delivery = 0
    place = 0
    line = 0
    serial = 0
    producer = 0
    step = 0
    kind = 0
    self.whole = whole
  }

  func record(
    of source: UInt16, _ kinds: RecordKinds, beside identities: SIMD4<UInt64>
  ) -> EventRecord {
    let known = kinds[kind]
    var record = EventRecord(
      time: time, offset: Int64(bitPattern: place >> PackedRecord.lengthBits),
      delivery: delivery, selections: known.selections, facts: known.facts,
      denials: known.denials,
      length: UInt32(truncatingIfNeeded: place & (1 << PackedRecord.lengthBits - 1)),
      line: line, name: known.name)
    record.serial = UInt64(serial)
    record.producer = producer
    record.step = step
    record.source = source
    if named & 1 != 0 { record.request = identities[0] }
    if named & 2 != 0 { record.output = identities[1] }
    if named & 4 != 0 { record.certificate = identities[2] }
    if named & 8 != 0 { record.prompt = identities[3] }
    record.values = values
    return record
  }
}

/// What records are alike in: few kinds are met over and over.
struct RecordKinds: Sendable {
  struct Kind: Sendable, Equatable {
    var selections: UInt64
    var facts: UInt64
    var denials: UInt64
    var name: UInt16
  }

  private var kinds: [Kind] = []
  /// One more than a kind's number; 0 for a free place.
  private var places = [UInt16](repeating: 0, count: 1 << placeBits)

  private static let placeBits: UInt64 = 12
  private static let most = 1 << 11

  subscript(number: UInt16) -> Kind { kinds[Int(number)] }

  /// The number of a record's kind; `nil` where there are too many already.
  mutating func number(of record: EventRecord) -> UInt16? {
    let kind = Kind(
      selections: record.selections, facts: record.facts, denials: record.denials,
      name: record.name)
    var mixed = (kind.selections ^ UInt64(kind.name)) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= kind.facts &* 0xA076_1D64_78BD_642F
    mixed ^= kind.denials &* 0xE703_7ED1_A0B4_28DB
    mixed ^= mixed >> 32
    var place =
      Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> (64 - RecordKinds.placeBits))
    while places[place] != 0 {
      let number = places[place] - 1
      if kinds[Int(number)] == kind { return number }
      place = (place + 1) & (places.count - 1)
    }
    if kinds.count == RecordKinds.most { return nil }
    kinds.append(kind)
    places[place] = UInt16(kinds.count)
    return UInt16(kinds.count - 1)
  }
}
