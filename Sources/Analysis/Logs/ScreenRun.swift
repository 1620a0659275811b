import Rules

/// A screen's program over one case: every condition is asked of all events at once.
extension CaseBoard {
  /// The rules that may find something.
  func loudRules(by program: ScreenProgram) -> LoudRules {
    var loud = LoudRules.none
    for check in program.checks {
      let lacking = lacking(check, program)
      if lacking.isEmpty { continue }
      for place in check.judging {
        let judging = program.judging[Int(place)]
        if !(lacking & members(of: judging.on)).isEmpty { loud.insert(judging.rule) }
      }
    }
    return loud
  }

  /// The events of which a check is not certain to be silent.
  @inline(__always)
  private func lacking(_ check: ScreenProgram.Check, _ program: ScreenProgram) -> Mask {
    var events = members(of: check.on)
    for part in check.given {
      if events.isEmpty { return Mask() }
      events = events.without(decide(at: part, events, program).no)
    }
    // Most events have what is required: what excuses an event is asked only of those that lack it.
    var lacking = Mask()
    for part in check.requires {
      let rest = events.without(lacking)
      if rest.isEmpty { break }
      lacking = lacking | rest.without(decide(at: part, rest, program).yes)
    }
    for part in check.unless {
      if lacking.isEmpty { return Mask() }
      lacking = lacking.without(decide(at: part, lacking, program).yes)
    }
    return lacking
  }

  /// For which of some events a condition certainly holds, and for which it certainly does not.
  struct Verdicts {
    var yes = Mask()
    var no = Mask()

    var negated: Verdicts { Verdicts(yes: no, no: yes) }
  }

  private func decide(
    at part: Int32, _ events: Mask, _ program: ScreenProgram
  ) -> Verdicts {
    let place = program.parts[Int(part)]
    let verdicts = decide(program.conditions[Int(place < 0 ? ~place : place)], events, program)
    return place < 0 ? verdicts.negated : verdicts
  }

  @inline(__always)
  private func decide(
    _ condition: ScreenProgram.Condition, _ events: Mask, _ program: ScreenProgram
  ) -> Verdicts {
    var verdicts = Verdicts()
    switch condition.operation {
    case .unknown: break
    case .yes: verdicts.yes = events
    case .no: verdicts.no = events
    case .all: verdicts = joined(condition.parts, events, program) { $0 }
    // One of them holds where not all of them fail.
    case .any: verdicts = joined(condition.parts, events, program) { $0.negated }.negated
    case .none:
      verdicts.yes = events
      for part in condition.parts {
        verdicts.yes = verdicts.yes & lacking(program.parts[Int(part)], events, program)
      }
    case .complete:
      for part in condition.parts {
        verdicts.no = verdicts.no | lacking(program.parts[Int(part)], events, program)
      }
    case .fact:
      let (sure, any) = having(condition.fact, among: events)
      verdicts = Verdicts(yes: sure, no: events.without(any))
    default:
      if let together = decideTogether(condition, events, program) { return together }
      events.forEach { event in
        switch decide(condition, event, program) {
        case .yes: verdicts.yes.insert(event)
        case .no: verdicts.no.insert(event)
        case .maybe: break
        }
      }
    }
    return verdicts
  }

  /// For which events all parts hold, each taken as `reading` has it; what has failed is asked no further.
  @inline(__always)
  private func joined(
    _ parts: Range<Int32>, _ events: Mask, _ program: ScreenProgram,
    as reading: (Verdicts) -> Verdicts
  ) -> Verdicts {
    var verdicts = Verdicts(yes: events)
    var rest = events
    for part in parts {
      if rest.isEmpty { break }
      let one = reading(decide(at: part, rest, program))
      verdicts.yes = verdicts.yes & one.yes
      verdicts.no = verdicts.no | one.no
      rest = rest.without(one.no)
    }
    return verdicts
  }

  /// The events beside which there is one of the records that is another one.
  @inline(__always)
  func havingOthers(_ records: Mask, _ events: Mask) -> Mask {
    if records.isEmpty { return Mask() }
    let first = records.first
    return first == records.last ? events.without(first) : events
  }

  /// Events that go by the same identities, with those whom a reference may mean beside them, themselves among them.
  @inline(__always)
  func forEachGroup(
    _ reference: ScreenProgram.Reference, _ events: Mask, _ body: (Mask, Mask) -> Void
  ) {
    let members = members(of: reference.selection)
    switch reference.scope {
    case .everyone: body(events, members)
    case .proofs: body(events, members & certified)
    case .certified, .alike:
      let named = events & certified
      if !named.isEmpty { body(named, members & certified) }
      let others = events.without(certified)
      if !others.isEmpty { body(others, reference.scope == .alike ? members : Mask()) }
    }
  }

  /// Whom a reference means; beside which event is all one where it does not ask for the event's own values.
  @inline(__always)
  func meant(
    _ reference: ScreenProgram.Reference, among members: Mask, beside event: Int? = nil,
    _ program: ScreenProgram
  ) -> Marks {
    if members.isEmpty { return Marks() }
    var marks = Marks(sure: members)
    if let plain = reference.plain {
      var (sure, any) = having(plain.facts, among: members)
      if let event, !plain.comparisons.isEmpty {
        any = passing(plain.comparisons, of: program, among: any, beside: event)
        sure = sure & any
      }
      marks = Marks(sure: sure, open: any.without(sure))
    } else if reference.test >= 0 {
      marks = passing(reference.test, of: program, among: members, beside: event ?? members.first)
    }
    return reference.isNarrowed ? Marks(open: marks.any) : marks
  }

  // MARK: - One event

  private func decide(
    _ condition: ScreenProgram.Condition, _ event: Int, _ program: ScreenProgram
  ) -> Certainty {
    switch condition.operation {
    // Those are decided for all events at once.
    case .unknown, .yes, .no, .all, .any, .none, .complete, .fact, .distinct: return .maybe
    case .exists:
      let marks = meant(condition.reference, event, program)
      return !marks.sure.isEmpty ? .yes : !marks.open.isEmpty ? .maybe : .no
    case .earlier:
      let marks = meant(condition.reference, event, program)
      if marks.any.isEmpty { return .no }
      return strongest(marks, before(event))
    case .later:
      let marks = meant(condition.reference, event, program)
      if marks.any.isEmpty { return .no }
      var after = after(event)
      if condition.limit != .max {
        let start = records[event].time
        (after.sure & marks.any).forEach { candidate in
          let (gap, overflow) = records[candidate].time.subtractingReportingOverflow(start)
          if overflow || gap > condition.limit || gap <= 0 {
            after.sure.remove(candidate)
            after.open.insert(candidate)
          }
        }
      }
      return strongest(marks, after)
    case .absent:
      let marks = meant(condition.reference, event, program)
      if marks.any.isEmpty { return .yes }
      return marks.any.without(after(event).sure).isEmpty ? .yes : .maybe
    case .between:
      return isBetween(condition, event, program) ? .maybe : .no
    case .atMost:
      let selection = program.references[Int(condition.reference)].selection
      let own = records[event].selections & selection == 0 ? 0 : 1
      let count = own + meant(condition.reference, event, program).any.count
      return Int64(count) <= condition.limit ? .yes : .maybe
    case .each:
      return isPaired(condition, event, program) ? .yes : .maybe
    }
  }

  /// The most that is certain of any record: that it is meant, and that it is in the order.
  private func strongest(_ meant: Marks, _ order: Marks) -> Certainty {
    if !(meant.sure & order.sure).isEmpty { return .yes }
    return (meant.any & order.any).isEmpty ? .no : .maybe
  }

  /// Whether one of the events may stand in the interval; here the judged event counts like any other.
  private func isBetween(
    _ condition: ScreenProgram.Condition, _ event: Int, _ program: ScreenProgram
  ) -> Bool {
    let (after, before) = (condition.second, condition.third)
    let own = records[event].selections
    if own & program.references[Int(condition.reference)].selection != 0 { return true }
    let candidates = meant(condition.reference, event, program).any
    if candidates.isEmpty { return false }
    let ends = before >= 0 ? meant(before, event, program).sure : Mask()
    let starts = after >= 0 ? meant(after, event, program).any : Mask()
    // The judged event may itself begin the interval.
    let isOpen = after < 0 || own & program.references[Int(after)].selection != 0
    let inside = candidates.first { candidate in
      let earlier = self.before(candidate)
      if !(ends & earlier.sure).isEmpty { return false }
      return isOpen || !(starts & earlier.any).isEmpty
    }
    return inside != nil
  }

  private func isPaired(
    _ condition: ScreenProgram.Condition, _ event: Int, _ program: ScreenProgram
  ) -> Bool {
    let by = Int(condition.field)
    let wholes = meant(condition.reference, event, program).any
    let partners = meant(condition.second, event, program).sure & before(event).sure
    var expected: UInt32 = 0
    var isCounted = true
    var values: [UInt32] = []
    let unpaired = wholes.first { index in
      let value = records[index].values[by]
      if value == 0 { return true }
      if let number = condition.number, records[index].values[Int(number)] != 0 {
        let stated = EventRecord.smallNumber(records[index].values[Int(number)])
        if let stated { expected = max(expected, stated) } else { isCounted = false }
      }
      if partners.first(where: { records[$0].values[by] == value }) == nil { return true }
      if !values.contains(value) { values.append(value) }
      return false
    }
    return unpaired == nil && isCounted && values.count >= Int(expected)
  }

  /// Whom a reference may mean, its test aside.
  private func candidates(_ place: Int32, _ event: Int, _ program: ScreenProgram) -> Mask {
    let reference = program.references[Int(place)]
    if present & reference.selection == 0 { return Mask() }
    var candidates = Mask()
    var own = Mask()
    own.insert(event)
    forEachGroup(reference, own) { _, members in candidates = members.without(event) }
    return candidates
  }

  /// Whom a reference means.
  func meant(_ place: Int32, _ event: Int, _ program: ScreenProgram) -> Marks {
    meant(
      program.references[Int(place)], among: candidates(place, event, program), beside: event,
      program)
  }
}
