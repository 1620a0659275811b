import EventLogs

/// Events with their fields, for everything that looks at texts.
struct LogStore {
  let plan: LogPlan
  var events: [Event] = []
  var fields: [EventField] = []
  var numbers: [Double] = []
  /// Times of events without one: earliest and latest that they can have had.
  var brackets: [Int: (earliest: Int64, latest: Int64)] = [:]
  /// Events of which one of their producer that stands before them has a later time.
  var late: Set<Int> = []
  /// By source: sources of one lane follow upon each other.
  var lanes: [UInt16] = [0]
}
