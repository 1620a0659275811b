import Findings

/// The stories of all logs of a run, as far as findings speak of them.
struct TimelineBook {
  private var timelines: [Timeline] = []

  /// Gathers the stories, and has the findings point into the whole.
  init(of readings: inout [InputReading]) {
    for index in readings.indices where !readings[index].timelines.isEmpty {
      let first = timelines.count
      timelines += readings[index].timelines
      for finding in readings[index].findings.indices {
        if first > 0, let own = readings[index].findings[finding].evidence?.timeline {
          readings[index].findings[finding].evidence?.timeline = first + own
        }
      }
    }
  }

  /// Leaves the stories of shown and of accepted findings, in their order, with secrets hidden.
  func put(into outcome: inout CheckOutcome, mask: SecretMask) {
    if timelines.isEmpty { return }
    var places: [Int: Int] = [:]
    var told: [Timeline] = []
    func place(of timeline: Int) -> Int {
      if let place = places[timeline] { return place }
      places[timeline] = told.count
      told.append(mask.mask(timelines[timeline]))
      return told.count - 1
    }
    for index in outcome.findings.indices {
      guard let old = outcome.findings[index].evidence?.timeline else { continue }
      outcome.findings[index].evidence?.timeline = place(of: old)
    }
    for index in outcome.suppressed.indices {
      guard let old = outcome.suppressed[index].finding.evidence?.timeline else { continue }
      outcome.suppressed[index].finding.evidence?.timeline = place(of: old)
    }
    outcome.timelines = told
  }
}
