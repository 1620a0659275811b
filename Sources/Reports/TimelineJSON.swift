import Findings

extension JSONWriter {
  /// An output's story.
  mutating func write(_ timeline: Timeline) {
    object { writer in
      writer.member("output", timeline.output)
      writer.member("certificate", timeline.certificate)
      writer.member("exposureMs", timeline.exposureMilliseconds)
      if timeline.exposureMilliseconds != nil {
        writer.member("exposureIsLeast", timeline.isExposureOpen)
        writer.member("precisionMs", timeline.precisionMilliseconds)
      }
      writer.array("moments", timeline.moments) { writer, moment in
        writer.object { $0.write(moment) }
      }
      if timeline.omittedMoments > 0 { writer.member("omittedMoments", timeline.omittedMoments) }
      if let chain = timeline.chain { writer.object("chain") { $0.write(chain) } }
    }
  }

  private mutating func write(_ moment: Moment) {
    member("kind", moment.kind.rawValue)
    member("name", moment.name)
    member("sink", moment.sink)
    member("path", moment.path)
    member("line", moment.line)
    if moment.count > 1 {
      member("lastLine", moment.lastLine)
      member("count", moment.count)
    }
    if !moment.tally.isEmpty {
      array("tally", moment.tally) { writer, tally in
        writer.object {
          $0.member("value", tally.value)
          $0.member("count", tally.count)
        }
      }
    }
    member("time", moment.time)
    member("offsetMs", moment.offsetMilliseconds)
    if moment.count > 1 { member("lastOffsetMs", moment.lastOffsetMilliseconds) }
    if moment.time != nil { member("precisionMs", moment.precisionMilliseconds) }
    member("service", moment.producer)
    if moment.isEarly { member("early", true) }
  }

  private mutating func write(_ chain: Chain) {
    member("firstOutput", chain.firstOutput)
    member("liveMs", chain.liveMilliseconds)
    member("precisionMs", chain.precisionMilliseconds)
    member("end", chain.end.rawValue)
    array("links", chain.links) { writer, link in
      writer.object {
        $0.member("output", link.output)
        $0.member("via", link.via.rawValue)
        $0.member("shared", link.shared)
        if let source = link.source { $0.member("source", source) }
        $0.object("moment") { $0.write(link.moment) }
      }
    }
    if chain.omittedLinks > 0 { member("omittedLinks", chain.omittedLinks) }
  }

  /// How often outputs were used, by rule, service and step.
  mutating func write(_ totals: UseTotals) {
    for (name, rows) in [
      ("rules", totals.rules), ("services", totals.services), ("steps", totals.steps),
    ] {
      array(name, rows) { writer, row in
        writer.object { writer in
          writer.member("name", row.name)
          writer.member("uses", row.uses)
          writer.member("violations", row.violations)
          guard let exposure = row.exposure else { return }
          writer.object("exposure") {
            $0.member("count", exposure.count)
            $0.member("medianMs", exposure.medianMilliseconds)
            $0.member("p95Ms", exposure.percentile95Milliseconds)
            $0.member("maxMs", exposure.maximumMilliseconds)
            $0.member("precisionMs", exposure.precisionMilliseconds)
            $0.member("worstOutput", exposure.worstOutput)
            $0.member("worstPath", exposure.worstPath)
            $0.member("worstLine", exposure.worstLine)
          }
        }
      }
    }
  }
}
