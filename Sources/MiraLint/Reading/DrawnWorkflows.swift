import Findings

/// The drawings of a run's workflows, numbered over all of its files.
struct DrawnWorkflows {
  private var drawings: [DrawnWorkflow] = []

  /// The findings of all readings, pointing into one list of drawings.
  mutating func findings(of readings: [InputReading]) -> [Finding] {
    readings.flatMap { reading in
      let first = drawings.count
      drawings += reading.drawings
      guard !reading.drawings.isEmpty else { return reading.findings }
      return reading.findings.map { finding in
        var finding = finding
        finding.drawnPath?.workflow += first
        return finding
      }
    }
  }

  /// The drawings that the told findings still point into, with secrets hidden; the findings' paths are renumbered.
  func shown(for findings: inout [Finding], mask: SecretMask) -> [DrawnWorkflow] {
    var numbers: [Int: Int] = [:]
    var shown: [DrawnWorkflow] = []
    for index in findings.indices {
      guard let old = findings[index].drawnPath?.workflow else { continue }
      if let number = numbers[old] {
        findings[index].drawnPath?.workflow = number
      } else {
        findings[index].drawnPath?.workflow = shown.count
        numbers[old] = shown.count
        shown.append(mask.mask(drawings[old]))
      }
    }
    return shown
  }
}
