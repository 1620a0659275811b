import Synchronization

/// Suspects that are judged by themselves, by what was known when they were closed.
struct PartToJudge: Sendable {
  var number: Int
  var cases: [ClosedCase]
  var evaluator: CaseEvaluator

  /// Judges the part; what stands behind as many findings as are listed is not put into words.
  func evaluate(_ listing: ListingCount) -> CaseEvaluation {
    var evaluator = evaluator
    evaluator.listing = (listing, number)
    return evaluator.evaluate(cases[...])
  }
}

/// How many findings the parts of a recording have listed so far, each as far as it has come.
///
/// Only the first ones are listed in the end. A part that comes late enough need not put its own into words, whenever it
/// sees that: the answer is the same.
final class ListingCount: Sendable {
  /// So many are listed at most.
  private let most: Int
  private let noted = Mutex(Noted())

  private struct Noted {
    var ofParts: [Int] = []
    var all = 0
    /// Behind it nothing is listed, nor in it any more.
    var lastListed = Int.max
  }

  init(atMost most: Int) { self.most = most }

  /// Notes how many findings a part has by now; whether the next one may be among those that are listed.
  func isOpen(for part: Int, with count: Int) -> Bool {
    noted.withLock { noted in
      if part >= noted.lastListed { return false }
      if noted.ofParts.count <= part {
        noted.ofParts += repeatElement(0, count: part + 1 - noted.ofParts.count)
      }
      noted.all += count - noted.ofParts[part]
      noted.ofParts[part] = count
      if noted.all < most || noted.ofParts[...part].reduce(0, +) < most { return true }
      noted.lastListed = part
      return false
    }
  }
}
