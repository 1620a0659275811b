extension SecretMask {
  /// The story with every secret hidden in what it quotes of the log.
  public func mask(_ timeline: Timeline) -> Timeline {
    var masked = timeline
    masked.output = mask(timeline.output)
    masked.certificate = timeline.certificate.map(mask)
    masked.moments = timeline.moments.map(mask)
    if var chain = timeline.chain {
      chain.firstOutput = mask(chain.firstOutput)
      for index in chain.links.indices {
        chain.links[index].moment = mask(chain.links[index].moment)
        chain.links[index].output = mask(chain.links[index].output)
        chain.links[index].shared = chain.links[index].shared.map(mask)
      }
      masked.chain = chain
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

  private func mask(_ moment: Moment) -> Moment {
    var masked = moment
    masked.name = mask(moment.name)
    masked.sink = moment.sink.map(mask)
    masked.producer = moment.producer.map(mask)
    for index in masked.tally.indices {
      masked.tally[index].value = mask(masked.tally[index].value)
    }
    return masked
  }
}
