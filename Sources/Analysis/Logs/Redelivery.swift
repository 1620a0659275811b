import EventLogs

/// Finds events that were delivered twice: a delivery's name tells, else the whole line, byte for byte.
///
/// Lines were not hashed where they were read, because hardly any stands twice: of two that look alike both are read
/// again.
struct Redelivery: Sendable {
  private let sources: [RecordedSource]

  /// - Parameter sources: where the records' lines stand.
  init(sources: [RecordedSource]) { self.sources = sources }

  /// Drops of a case's records those that were met before; returns how many.
  func drop(from records: inout CaseRecords) -> Int {
    var dropped = 0
    var index = 0
    var met = MetHashes()
    var latest = Int64.min
    while index < records.count {
      let (time, delivery) = (records[index].time, records[index].delivery)
      // Most come in the order of their times, and none with a time of its own has a twin.
      var mayBeMet =
        met.insert(UInt64(bitPattern: time) &* 0x9E37_79B9_7F4A_7C15) && time <= latest
      if delivery != 0 && met.insert(delivery) { mayBeMet = true }
      if mayBeMet && isMet(index, of: records) {
        records.remove(at: index)
        dropped += 1
      } else {
        latest = max(latest, time)
        index += 1
      }
    }
    return dropped
  }

  private func isMet(_ index: Int, of records: CaseRecords) -> Bool {
    let (time, delivery) = (records[index].time, records[index].delivery)
    return (0..<index).contains { other in
      if delivery != 0 && records[other].delivery != 0 {
        return delivery == records[other].delivery
      }
      return records[other].time == time && isSame(records[index], records[other])
    }
  }

  private func isSame(_ left: EventRecord, _ right: EventRecord) -> Bool {
    guard left.name == right.name, left.output == right.output, left.request == right.request,
      left.certificate == right.certificate, left.values == right.values,
      let delivery = delivery(of: left)
    else { return false }
    return delivery == self.delivery(of: right)
  }

  /// As `Event.delivery`, for which the line is read again; `nil` where it cannot be.
  private func delivery(of record: EventRecord) -> UInt64? {
    if record.delivery != 0 { return record.delivery }
    let count = Int(record.length)
    var line = [UInt8](repeating: 0, count: count)
    let got = try? sources[Int(record.source)].bytes?.read(
      from: Int(record.offset), count: count, into: &line)
    return got == count ? Fingerprint64.of(line.span) : nil
  }
}
