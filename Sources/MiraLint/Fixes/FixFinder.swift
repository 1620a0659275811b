import Analysis
import Expressions
import Findings
import SourceText
import Workflows

/// Which changes are looked for beside findings.
public enum OfferedFixes: Sendable {
  /// No changes.
  case none
  /// Those after which the workflow still does its work.
  case safe
  /// Also gates that stay closed until somebody adds a wait for the proof.
  case all
}

/// Finds the changes of one definition that end its findings, and tries each before it is offered.
struct FixFinder {
  /// Judges as the findings were judged, and looks for no fixes itself.
  private let inspector: InputInspector
  private let input: InputFile
  private let file: SourceFile
  /// The file begins with a byte-order mark, which no offset counts.
  private let hasByteOrderMark: Bool
  private let findings: [Finding]
  private let counts: [FindingKey: Int]
  private let routes: Set<String>
  private let candidates: [Candidate]
  private var trials: [[TextEdit]: [Finding]?] = [:]

  private struct Candidate {
    var finding: Finding
    var gates: [Gate]
  }

  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
  /// A file is tried at most this often, however small it is.
  private static let mostTrials = 200
  private let trialsAllowed: Int
  /// How often a changed text was judged, and how often one still may be.
  var trialCount: Int { trials.count }
  var trialsLeft: Int { trialsAllowed - trials.count }

  /// `nil` where nothing may be changed: the file is damaged, in another encoding, or nothing in it can be mended.
  init?(
    _ findings: [Finding], raw: [UInt8], of input: InputFile, inspector: InputInspector,
    offered: OfferedFixes
  ) {
    guard offered != .none, !findings.isEmpty else { return nil }
    var inspector = inspector
    inspector.offeredFixes = .none
    inspector.drawsWorkflows = false
    inspector.notesSteps = true
    let (file, problems) = SourceDecoder.decode(path: input.path, raw: raw)
    hasByteOrderMark = raw.starts(with: Self.byteOrderMark)
    guard problems.isEmpty, raw.dropFirst(hasByteOrderMark ? 3 : 0).elementsEqual(file.bytes)
    else { return nil }
    trialsAllowed = min(Self.mostTrials, inspector.fixBudgetBytes / max(raw.count, 1))
    guard trialsAllowed > 0 else { return nil }
    let tree = SourceForm(path: input.path, bytes: file.bytes).read(file)
    guard tree.problems.isEmpty else { return nil }
    var candidates: [Candidate] = []
    for document in tree.documents {
      guard let reading = inspector.read(document, of: input, in: file, among: tree.documents)
      else { continue }
      guard reading.problems.isEmpty else { return nil }
      for workflow in reading.workflows {
        guard let writer = GateWriters.writer(for: workflow.engine) else { continue }
        let found = inspector.workflowJudge.gateRequests(in: workflow) { place in
          place.path == file.path ? file.location(of: place.range) : .start(of: place.path)
        }
        for (finding, request) in found where finding.location.path == file.path {
          let gates = writer.gates(for: request, in: document, of: file)
            .filter { $0.canArrive || offered == .all }
          if !gates.isEmpty { candidates.append(Candidate(finding: finding, gates: gates)) }
        }
      }
    }
    if candidates.isEmpty { return nil }
    self.inspector = inspector
    self.input = input
    self.file = file
    self.candidates = candidates
    self.findings = findings
    counts = FindingKey.counts(findings)
    routes = Set(inspector.steps(of: input, raw: raw).map(\.route))
  }

  /// The change that ends a finding; `nil` where none is known to.
  mutating func fix(for finding: Finding) -> Fix? {
    for gate in gates(for: finding) where holds(gate.edits, for: [finding]) {
      return Fix(
        message: "let `\(finding.subject)` run only where \(gate.condition)",
        safety: gate.canArrive ? .safe : .unsafe, edits: gate.edits.map(edit))
    }
    return nil
  }

  /// What an engine's syntax allows for a finding, not tried yet; the best first.
  func gates(for finding: Finding) -> [Gate] {
    candidates.first { Self.areSame($0.finding, finding) }?.gates ?? []
  }

  private static func areSame(_ left: Finding, _ right: Finding) -> Bool {
    FindingKey(left) == FindingKey(right) && left.cause == right.cause
      && left.location == right.location
  }

  func edit(_ edit: TextEdit) -> Fix.Edit {
    Fix.Edit(location: file.location(of: edit.range), replacement: edit.text)
  }

  /// Whether the changed text is still the same workflow, without these findings and without a new one.
  ///
  /// What a rule says of proven answers where something graver was found was only hidden by that.
  mutating func holds(_ edits: [TextEdit], for ended: [Finding]) -> Bool {
    guard let after = findings(after: edits) else { return false }
    let left = FindingKey.counts(after.filter { !isFollower($0) })
    let gone = FindingKey.counts(ended)
    return left.allSatisfy { $1 <= counts[$0, default: 0] }
      && gone.allSatisfy { left[$0, default: 0] <= counts[$0, default: 0] - $1 }
  }

  /// What is found in the changed text; `nil` where it is no longer the same workflow, or enough was tried.
  mutating func findings(after edits: [TextEdit]) -> [Finding]? {
    if let known = trials[edits] { return known }
    guard trials.count < trialsAllowed else { return nil }
    let after = trial(of: edits)
    trials[edits] = .some(after)
    return after
  }

  private func isFollower(_ new: Finding) -> Bool {
    inspector.workflowJudge.rulesOfProven.contains(new.rule)
      && findings.contains {
        $0.stepRoute == new.stepRoute && $0.severity >= new.severity && $0.rule != new.rule
      }
  }

  private func trial(of edits: [TextEdit]) -> [Finding]? {
    let fix = Fix(message: "", edits: edits.map(edit))
    guard let changed = fix.applied(to: file.bytes) else { return nil }
    let raw = hasByteOrderMark ? Self.byteOrderMark + changed : changed
    let reading = inspector.inspectDefinition(raw, of: input)
    return routes.isSubset(of: reading.stepRoutes) ? reading.findings : nil
  }
}

/// What stays the same of a finding when lines move.
struct FindingKey: Hashable {
  private let rule: String
  private let route: String
  private let subject: String

  init(_ finding: Finding) {
    rule = finding.rule
    route = finding.route
    subject = finding.subject
  }

  static func counts(_ findings: [Finding]) -> [FindingKey: Int] {
    Dictionary(findings.map { (FindingKey($0), 1) }, uniquingKeysWith: +)
  }
}

extension Finding {
  /// The route of the step, without the part of it that a rule speaks of.
  var stepRoute: Substring { route.prefix { $0 != "#" } }
}
