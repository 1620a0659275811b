import EventLogs
import Testing

@testable import Analysis

/// What a stretch keeps of a record is all of it, in whatever order cases begin, join and end.
@Suite struct StretchCasesTests {
  @Test func `a record leaves its case as it came, and every case is all that identities link`() {
    for seed in 0..<60 {
      var random = Congruence(state: UInt64(seed) &* 7919 &+ 3)
      var cases = StretchCases()
      cases.source = 3
      var waiting: [EventRecord] = []
      for serial in 0..<400 {
        let (record, links) = Self.record(serial, &random)
        cases.add(record, links, at: record.time)
        waiting.append(record)
        if random.next(below: 40) > 0 { continue }
        for number in cases.takeActive() {
          if random.next(below: 3) > 0 {
            cases.keepActive(number)
          } else {
            Self.check(number, &cases, &waiting)
          }
        }
      }
      for number in cases.takeActive() { Self.check(number, &cases, &waiting) }
      #expect(waiting.isEmpty, "seed \(seed)")
    }
  }

  /// Takes a case, and its records from those that wait: they must name no identity that others name.
  private static func check(
    _ number: Int32, _ cases: inout StretchCases, _ waiting: inout [EventRecord]
  ) {
    var identities: [UInt64] = []
    cases.identities(of: number, into: &identities)
    let count = Int(cases.count(of: number))
    var records: [EventRecord] = []
    cases.release(number, into: &records)
    #expect(records.count == count)
    #expect(records.map(\.serial) == records.map(\.serial).sorted())
    for record in records {
      let place = waiting.firstIndex { $0.serial == record.serial }
      guard let place else {
        Issue.record("a record that never came")
        continue
      }
      #expect(words(of: waiting.remove(at: place)) == words(of: record))
    }
    #expect(Set(identities).count == identities.count)
    let named = Set(records.flatMap { Self.identities(of: $0) })
    #expect(named.isSubset(of: identities))
    for other in waiting {
      #expect(named.isDisjoint(with: Self.identities(of: other)))
    }
  }

  private static func identities(of record: EventRecord) -> [UInt64] {
    [record.request, record.output, record.certificate, record.prompt].filter { $0 != 0 }
  }

  private static func words(of record: EventRecord) -> [UInt64] {
    let values = (0..<ScreenPlan.mostValues).map { UInt64(record.values[$0]) }
    return [
      UInt64(bitPattern: record.time), UInt64(bitPattern: record.offset), record.delivery,
      record.selections, record.facts, record.denials, record.output, record.request,
      record.prompt, record.certificate, record.serial, UInt64(record.links.lowerBound),
      UInt64(record.links.upperBound), UInt64(record.length), UInt64(record.line),
      UInt64(record.producer), UInt64(record.step), UInt64(record.source), UInt64(record.name),
    ] + values
  }

  /// Names some of a few identities; some records do not fit where most do.
  private static func record(
    _ serial: Int, _ random: inout Congruence
  ) -> (EventRecord, [UInt64]) {
    func any(_ count: Int, _ kind: UInt64) -> UInt64 {
      random.next(below: 2) == 0 ? 0 : kind << 32 | UInt64(1 + random.next(below: count))
    }
    let isLarge = random.next(below: 20) == 0
    var record = EventRecord(
      time: random.next(below: 15) == 0 ? EventRecord.noTime : Int64(serial),
      offset: isLarge ? 1 << 41 : Int64(serial * 300), delivery: UInt64(serial) << 40,
      selections: UInt64(random.next(below: 6)),
      length: random.next(below: 20) == 0 ? 1 << 25 : 300, line: UInt32(serial), name: 2)
    record.facts = UInt64(random.next(below: 4))
    record.denials = UInt64(random.next(below: 4))
    record.serial = UInt64(serial)
    record.source = 3
    record.producer = UInt32(random.next(below: 5))
    record.step = random.next(below: 2) == 0 ? EventRecord.nobody : 7
    record.request = any(150, 1)
    record.output = any(150, 2)
    record.certificate = any(150, random.next(below: 30) == 0 ? 2 : 3)
    record.prompt = any(400, 4)
    for index in 0..<random.next(below: 9) where random.next(below: 2) == 0 {
      record.values[index] = UInt32(1 + random.next(below: 100))
    }
    if random.next(below: 25) == 0 {
      record.links = 4..<5
      return (record, [UInt64(5) << 32 | UInt64(random.next(below: 50))])
    }
    return (record, [])
  }
}
