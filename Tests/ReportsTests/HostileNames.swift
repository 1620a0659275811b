import Findings
import Reports

/// Names that people, or those who wish them ill, give to steps, files and outputs.
enum HostileNames {
  static let all: [String] = [
    "<script>alert(1)</script>", "]]>", "</script><img src=x onerror=alert(1)>", "--><!--",
    "::error::owned", "a%0Ab,c:d%", "line one\nline two\r\n::warning::three", "\u{202e}gnp.exe",
    "\u{2066}hidden\u{2069} \u{200f}mark", "emoji 👩‍💻 🇩🇪 ✓", "quote \" and ' and ` tick", "`unpaired",
    "``` fence", "| pipe \\| table |", "[link](javascript:alert(1))", "@everyone #1 !x ~~y~~ $z$",
    "&lt;already&gt; &amp;", "\u{1b}[31mred\u{1b}[0m", "nul\u{0}bell\u{7}",
    "\u{85}\u{2028}\u{2029}",
    "\u{feff}bom \u{fffe} \u{ffff}", "${{ secrets.X }} {{ y }} <%= z %>", "tab\there", " ", "",
    "x' autofocus onfocus='alert(1)", "javascript:alert(1)", "\u{e0041}\u{e0042}",
    String(repeating: "long", count: 400),
  ]

  /// A finding with the name wherever a name can stand.
  static func outcome(_ name: String) -> CheckOutcome {
    let path = name.isEmpty ? "x.yml" : name
    let place = Location(
      path: path, line: 2, column: 1, endLine: 2, endColumn: 3, startByte: 4, endByte: 6)
    var finding = Finding(
      rule: "X101", name: "early-handoff", cause: name, severity: .error, confidence: .low,
      message: "`\(name)` posts the answer of `\(name)`", location: place,
      flow: [
        FlowStep(role: .generated, message: "`\(name)` is generated here", location: place),
        FlowStep(role: .gate, message: name, location: place),
        FlowStep(role: .consumed, message: "", location: place),
      ],
      evidence: Evidence(
        verdict: .violated, reason: name, exposureMilliseconds: 12.5, output: name,
        certificate: name, events: [.init(line: 2, time: name, name: name)]),
      observed: Observation(
        count: 2, worstExposureMilliseconds: nil, first: place, firstTime: name),
      remedy: "write \(name)\n  code: \(name)", route: name, subject: name)
    finding.fingerprint = "00000000000000000000000000000000:1"
    let excerpt = Excerpt(
      repositoryPath: path, lines: [1: name, 2: "ab" + name, 3: name], lineHashes: [2: "1:1"])
    var outcome = CheckOutcome(
      findings: [finding], excerpts: [path: excerpt],
      summary: Summary(of: [finding], suppressed: 0, definitions: 1, logs: 0))
    outcome.findings[0].drawnPath = DrawnPath(
      workflow: 0, ways: [0], source: 0, gate: 0, sink: 1)
    outcome.workflows = [
      DrawnWorkflow(
        engine: name, name: name, path: path,
        steps: [0, 1].map { _ in
          DrawnWorkflow.Step(
            name: name, kind: .branch, detail: name, roles: [name], location: place)
        }, ways: [.init(from: 0, to: 1, condition: name)], gaps: [name])
    ]
    var quorum = QuorumPicture(name: name, set: name)
    quorum.location = place
    quorum.weight = 0.5
    quorum.threshold = 0.67
    quorum.claimedWeight = 0.8
    quorum.validators = [true, false].map { counts in
      QuorumPicture.Validator(
        id: name, weight: 0.5, family: name, operatorName: name, status: name, counts: counts)
    }
    outcome.quorums = [quorum]
    let links = ["file", "statement", "signer", "trust"].flatMap { kind in
      [AttestationPicture.State.holds, .fails, .open].map { state in
        AttestationPicture.Link(kind: kind, name: name, words: name, state: state)
      }
    }
    outcome.attestations = [
      AttestationPicture(title: name, location: place, links: links, claims: links)
    ]
    outcome.suppressed = [SuppressedFinding(finding, reason: name, source: .inline)]
    return outcome
  }

  /// Characters that no reader can see, and that turn around or hide what stands beside them.
  static func isHiding(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: false
    case 0..<0x20, 0x7f...0x9f, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x2028, 0x2029,
      0xfffe, 0xffff:
      true
    default: false
    }
  }
}
