extension SecretMask {
  /// The story with every secret hidden in what it quotes of the log.
  public func mask(_ timeline: Timeline) -> Timeline {
    var masked = timeline
    change(timeline.output) { masked.output = $0 }
    change(timeline.certificate) { masked.certificate = $0 }
    for (index, moment) in timeline.moments.enumerated() {
      mask(moment) { masked.moments[index] = $0 }
    }
    guard let chain = timeline.chain else { return masked }
    change(chain.firstOutput) { masked.chain?.firstOutput = $0 }
    for (index, link) in chain.links.enumerated() {
      mask(link.moment) { masked.chain?.links[index].moment = $0 }
      change(link.output) { masked.chain?.links[index].output = $0 }
      change(link.shared) { masked.chain?.links[index].shared = $0 }
    }
    return masked
  }

  /// The totals with every secret hidden in names and outputs.
  public func mask(_ totals: UseTotals) -> UseTotals {
    func mask(_ row: UseTotals.Row) -> UseTotals.Row {
      var masked = row
      masked.name = self.mask(row.name)
      masked.exposure?.worstOutput = row.exposure?.worstOutput.map(self.mask)
      return masked
    }
    var masked = totals
    masked.rules = totals.rules.map(mask)
    masked.services = totals.services.map(mask)
    masked.steps = totals.steps.map(mask)
    return masked
  }

  /// Hands on the moment with every secret hidden, where there is one.
  private func mask(_ moment: Moment, _ put: (Moment) -> Void) {
    var masked = moment
    var isChanged = false
    func note(_ text: String?, _ set: (String) -> Void) {
      change(text) {
        set($0)
        isChanged = true
      }
    }
    note(moment.name) { masked.name = $0 }
    note(moment.sink) { masked.sink = $0 }
    note(moment.producer) { masked.producer = $0 }
    for (index, tally) in moment.tally.enumerated() {
      note(tally.value) { masked.tally[index].value = $0 }
    }
    if isChanged { put(masked) }
  }
}
