import Rules

/// Conditions that are decided for all of a case's events in one go.
extension CaseBoard {
  /// Decides a condition whose reference means the same for many events, or has a plain test; `nil` where it must be
  /// asked of each.
  @inline(__always)
  func decideTogether(
    _ condition: ScreenProgram.Condition, _ events: Mask, _ program: ScreenProgram
  ) -> Verdicts? {
    switch condition.operation {
    case .exists, .atMost: break
    case .earlier, .absent: if !isOrderly { return nil }
    case .later: if !isOrderly || condition.limit != .max { return nil }
    case .distinct: return decideDistinct(condition, events, program)
    default: return nil
    }
    let reference = program.references[Int(condition.reference)]
    if reference.isShared { return decideShared(condition, reference, events, program) }
    guard let test = reference.plain else { return nil }
    return decidePlain(condition, reference, test, events, program)
  }

  @inline(__always)
  private func decideShared(
    _ condition: ScreenProgram.Condition, _ reference: ScreenProgram.Reference, _ events: Mask,
    _ program: ScreenProgram
  ) -> Verdicts? {
    var yes = Mask()
    var no = Mask()
    var isDecided = true
    forEachGroup(reference, events) { events, members in
      let marks = meant(reference, among: members, program)
      let (sure, any) = (marks.sure, marks.any)
      switch condition.operation {
      case .exists:
        yes = yes | havingOthers(sure, events)
        no = no | events.without(havingOthers(any, events))
      case .earlier:
        if !sure.isEmpty { yes = yes | events.without(Mask(before: sure.first + 1)) }
        no = no | (any.isEmpty ? events : events & Mask(before: any.first + 1))
      case .later:
        if !sure.isEmpty { yes = yes | events & Mask(before: sure.last) }
        no = no | (any.isEmpty ? events : events.without(Mask(before: any.last)))
      case .absent:
        yes = yes | (any.isEmpty ? events : events & Mask(before: any.first + 1))
      default:
        // The event itself may be one of them.
        if Int64(any.count) < condition.limit { yes = yes | events } else { isDecided = false }
      }
    }
    return isDecided ? Verdicts(yes: yes, no: no) : nil
  }

  /// Likewise by a test that compares fields: a few masks for each event.
  private func decidePlain(
    _ condition: ScreenProgram.Condition, _ reference: ScreenProgram.Reference,
    _ test: ScreenProgram.PlainTest, _ events: Mask, _ program: ScreenProgram
  ) -> Verdicts {
    if !isPassable(test, program) {
      switch condition.operation {
      case .absent: return Verdicts(yes: events)
      case .atMost: break
      default: return Verdicts(no: events)
      }
    }
    var verdicts = Verdicts()
    forEachGroup(reference, events) { events, members in
      let base = having(test.facts, among: members)
      let sureBase = reference.isNarrowed ? Mask() : base.sure
      events.forEach { event in
        let any = passing(test.comparisons, of: program, among: base.any, beside: event)
        let sure = any & sureBase
        switch condition.operation {
        case .exists:
          if !sure.isEmpty { verdicts.yes.insert(event) }
          if any.isEmpty { verdicts.no.insert(event) }
        case .earlier:
          let before = Mask(before: event)
          if !(sure & before).isEmpty { verdicts.yes.insert(event) }
          if (any & before).isEmpty { verdicts.no.insert(event) }
        case .later:
          let before = Mask(before: event)
          if !sure.without(before).isEmpty { verdicts.yes.insert(event) }
          if any.without(before).isEmpty { verdicts.no.insert(event) }
        case .absent:
          if (any & Mask(before: event)).isEmpty { verdicts.yes.insert(event) }
        default:
          let own = records[event].selections & reference.selection == 0 ? 0 : 1
          if Int64(own + any.count) <= condition.limit { verdicts.yes.insert(event) }
        }
      }
    }
    return verdicts
  }

  private func decideDistinct(
    _ condition: ScreenProgram.Condition, _ events: Mask, _ program: ScreenProgram
  ) -> Verdicts {
    var verdicts = Verdicts()
    let reference = program.references[Int(condition.reference)]
    forEachGroup(reference, events) { events, members in
      events.forEach { event in
        let others = members.without(event)
        if differing(in: condition.column, from: event, among: others).isEmpty {
          verdicts.yes.insert(event)
        }
      }
    }
    return verdicts
  }

  /// The events for which a reference means nobody.
  func lacking(_ place: Int32, _ events: Mask, _ program: ScreenProgram) -> Mask {
    var lacking = Mask()
    let reference = program.references[Int(place)]
    if reference.isShared {
      forEachGroup(reference, events) { events, members in
        let meant = meant(reference, among: members, program).any
        lacking = lacking | events.without(havingOthers(meant, events))
      }
    } else if let test = reference.plain {
      if !isPassable(test, program) { return events }
      forEachGroup(reference, events) { events, members in
        let base = having(test.facts, among: members).any
        events.forEach { event in
          if passing(test.comparisons, of: program, among: base, beside: event).isEmpty {
            lacking.insert(event)
          }
        }
      }
    } else {
      events.forEach { event in
        if meant(place, event, program).any.isEmpty { lacking.insert(event) }
      }
    }
    return lacking
  }

  /// Whether any record can compare to any event as it should, by what all of them have.
  @inline(__always)
  private func isPassable(
    _ test: ScreenProgram.PlainTest, _ program: ScreenProgram
  ) -> Bool {
    for place in test.comparisons {
      let comparison = program.comparisons[Int(place)]
      switch comparison.operation {
      case .same: if columns[Int(comparison.column)].isDistinct { return false }
      case .different: if columns[Int(comparison.column)].isUniform { return false }
      case .notSame, .notDifferent: break
      }
    }
    return true
  }

  /// The records among some that compare to an event as they should; never itself.
  func passing(
    _ comparisons: Range<Int32>, of program: ScreenProgram, among candidates: Mask,
    beside event: Int
  ) -> Mask {
    var passing = candidates.without(event)
    for place in comparisons {
      if passing.isEmpty { break }
      let comparison = program.comparisons[Int(place)]
      let column = comparison.column
      switch comparison.operation {
      case .same: passing = passing & having(column, sameAs: event)
      case .notSame: passing = passing.without(having(column, sameAs: event))
      case .different: passing = differing(in: column, from: event, among: passing)
      case .notDifferent:
        passing = passing.without(differing(in: column, from: event, among: passing))
      }
    }
    return passing
  }
}
