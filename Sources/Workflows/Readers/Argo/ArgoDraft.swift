import Expressions
import SourceText

/// A workflow while its definition is being lowered.
struct ArgoDraft {
  private(set) var builder = GraphBuilder()
  private(set) var problems: [SourceProblem] = []
  private(set) var danglingReferences: [Workflow.DanglingReference] = []
  private(set) var gaps: [Workflow.Gap] = []
  private(set) var stepOutputs: Set<Variable> = []
  let library: ArgoLibrary
  /// The templates of steps and tasks that are being lowered, outermost first.
  var frames: [Frame] = []
  /// The files in artifacts that are directories, by the variable and the artifact's name.
  var artifactFiles: [String: [String]] = [:]
  /// Whether anything reads what scripts print.
  let readsResults: Bool
  private var expansions = 0
  private var seenProblems: Set<ByteRange> = []
  private var missing: [Missing] = []
  private var seenMissing: Set<SourceLocation> = []

  /// A call of a template that is being lowered already.
  struct Frame {
    var identity: String
    /// Where the template begins.
    var entry: Int
    /// Holds the outputs of the call.
    var variable: Variable
    /// Where control goes on after calls from within.
    var returns: [Int] = []
  }

  private struct Missing {
    var text: String
    var what: Workflow.DanglingReference.Missing
    var location: SourceLocation
  }

  /// Templates that call each other twice grow with every level: real workflows expand to some hundreds.
  private static let mostExpansions = 20_000
  private static let deepestNesting = 40

  init(_ library: ArgoLibrary) {
    self.library = library
    let bytes = library.definition.file.bytes
    readsResults = bytes.containsText("outputs.result")
  }

  mutating func add(_ step: Step, from entry: [LooseEnd]) -> Int {
    let index = builder.add(step)
    builder.connect(entry, to: index)
    attach(to: index)
    return index
  }

  private mutating func attach(to step: Int) {
    for read in missing {
      danglingReferences.append(
        Workflow.DanglingReference(
          step: step, text: read.text, missing: read.what, location: read.location))
    }
    missing = []
  }

  mutating func build<Result>(_ change: (inout GraphBuilder) -> Result) -> Result {
    let first = builder.steps.count
    let result = change(&builder)
    if builder.steps.count > first { attach(to: first) }
    return result
  }

  mutating func noteOutputs(_ variable: Variable) { stepOutputs.insert(variable) }

  /// Whether one more template may be put in.
  mutating func mayExpand() -> Bool {
    expansions += 1
    return expansions <= Self.mostExpansions && frames.count < Self.deepestNesting
  }

  mutating func report(_ message: String, hint: String = "", at location: SourceLocation) {
    guard location.path == library.definition.file.path,
      seenProblems.insert(location.range).inserted
    else { return }
    problems.append(
      SourceProblem(severity: .warning, message: message, hint: hint, range: location.range))
  }

  mutating func report(gap: String, at location: SourceLocation) {
    if gaps.count > 200 || gaps.contains(where: { $0.location == location }) { return }
    gaps.append(Workflow.Gap(message: gap, location: location))
  }

  mutating func reportMissing(
    _ text: String, _ what: Workflow.DanglingReference.Missing, at location: SourceLocation
  ) {
    guard seenMissing.insert(location).inserted else { return }
    missing.append(Missing(text: text, what: what, location: location))
  }
}

extension [UInt8] {
  /// Whether the text stands somewhere in the bytes.
  func containsText(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, count >= wanted.count else { return false }
    var index = startIndex
    while index <= count - wanted.count {
      if self[index] == first, self[index..<index + wanted.count].elementsEqual(wanted) {
        return true
      }
      index += 1
    }
    return false
  }
}
