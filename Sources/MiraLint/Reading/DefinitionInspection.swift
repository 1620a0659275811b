import Analysis
import Expressions
import Findings
import Rules
import SourceText
import Workflows

extension InputInspector {
  private static let definitionExtensions: Set<String> = [
    "yml", "yaml", "json", "jsonc", "json5", "asl", "bpmn", "bpmn2", "xml", "md",
  ]

  func isNamedLikeDefinition(_ path: String) -> Bool {
    Self.definitionExtensions.contains(FilePath.fileExtension(path))
  }

  func mayBeDefinition(_ input: InputFile) -> Bool {
    input.isExplicit || Self.definitionExtensions.contains(FilePath.fileExtension(input.path))
  }

  func inspectDefinition(_ raw: [UInt8], of input: InputFile) -> InputReading {
    guard raw.count <= Limits.fileBytes else { return oversized(input) }
    let (file, decodingProblems) = SourceDecoder.decode(path: input.path, raw: raw)
    let form = SourceForm(path: input.path, bytes: file.bytes)
    if form == .xml, !WorkflowReaders.mayBeDefined(inXML: file.bytes) { return InputReading() }
    let known = input.absolutePath.flatMap { neighbours.tree(of: file, at: $0) }
    let tree = known ?? form.read(file)
    #if Certificates
      if let content = attestedContent(tree, form, in: file) {
        return reading(of: content, in: file, raw: raw)
      }
    #endif
    let readings = readings(of: tree.documents, of: input, in: file)
    // Bytes that are no text of any kind: what a reader says of their lines helps nobody.
    let isBinary = decodingProblems.count > 1 && raw.contains(0)
    let problems = isBinary ? decodingProblems : decodingProblems + tree.problems
    let isBroken = problems.contains { $0.severity == .error }
    if !problems.isEmpty, assumed == nil, TemplateMarks.stand(at: problems, in: file) {
      return InputReading()
    }
    let isExpected =
      !readings.isEmpty || WorkflowReaders.all.contains { $0.expects(path: input.repositoryPath) }
      || (input.isExplicit && isBroken && isNamedAsDefinition(input.path))
    guard isExpected else { return InputReading() }

    var reading = InputReading(isDefinition: true)
    let workflows = readings.flatMap(\.workflows)
    for index in workflows.indices where !reading.engines.contains(workflows[index].engine) {
      reading.engines.append(workflows[index].engine)
    }
    for problem in problems + readings.flatMap(\.problems) {
      reading.findings += findings(problem, in: file)
    }
    if notesSteps {
      let steps = workflows.flatMap(\.steps)
      reading.stepRoutes = Set(steps.lazy.filter { $0.part == 0 }.map(\.route))
    }
    for workflow in readings.lazy.filter(\.isWhole).flatMap(\.workflows) {
      guard drawsWorkflows else {
        let found = workflowJudge.judge(workflow) { locate($0, in: file) }
        reading.findings += withoutCheckedReturns(found, of: workflow, in: file, input)
        continue
      }
      var (found, drawing) = workflowJudge.judgeAndDraw(workflow) {
        locate($0, in: file)
      } text: { place in
        let source = place.path == file.path ? file : neighbours.file(shownAs: place.path)
        return source?.text(in: place.range)
      }
      found = withoutCheckedReturns(found, of: workflow, in: file, input)
      if found.isEmpty { continue }
      for index in found.indices { found[index].drawnPath?.workflow = reading.drawings.count }
      reading.findings += found
      if let drawing { reading.drawings.append(drawing) }
    }
    if case .definition(let engine)? = assumed, input.isExplicit, !isBroken,
      readings.allSatisfy({ $0.workflows.isEmpty && $0.problems.isEmpty })
    {
      reading.findings += linterRules.unreadable(
        "nothing in it is a \(engine) definition", at: .start(of: input.path))
    }
    if let engine = workflows.first?.engine {
      reading.findings += secretJudge.judge(file, of: engine) { file.location(of: $0) }
    }
    let collector = SuppressionCollector(file: file, tree: tree)
    reading.suppressions = collector.suppressions
    reading.findings += collector.mistakes.flatMap { findings($0, in: form) }
    // Asked first: a finder takes all that the inspector knows.
    if offeredFixes != .none,
      var finder = FixFinder(
        reading.findings, raw: raw, of: input, inspector: self, offered: offeredFixes)
    {
      for index in reading.findings.indices {
        reading.findings[index].fix = finder.fix(for: reading.findings[index])
      }
    }
    if !reading.findings.isEmpty || !reading.suppressions.isEmpty {
      reading.source = KeptSource(
        file: file, hasByteOrderMark: raw.starts(with: [0xef, 0xbb, 0xbf]))
    }
    return reading
  }

  /// The steps that a definition has, for the join with what logs say of them.
  func steps(of input: InputFile) -> [DefinedStep] {
    guard let path = input.absolutePath,
      let raw = try? FileSystem.read(path, upTo: Limits.fileBytes)
    else { return [] }
    return steps(of: input, raw: raw)
  }

  /// The steps that a definition with this text has.
  func steps(of input: InputFile, raw: [UInt8]) -> [DefinedStep] {
    let file = SourceDecoder.decode(path: input.path, raw: raw).file
    let tree = SourceForm(path: input.path, bytes: file.bytes).read(file)
    let workflows = tree.documents.compactMap {
      read($0, of: input, in: file, among: tree.documents)
    }.flatMap(\.workflows)
    return workflows.flatMap { workflow in
      workflow.steps.filter { $0.part == 0 }.map { step in
        DefinedStep(
          workflow: workflow.name, path: input.path, name: step.name,
          identifier: step.identifier, route: step.route,
          location: locate(step.location, in: file))
      }
    }
  }

  /// The workflows of one document, `nil` where no engine knows it.
  func read(
    _ document: Node, of input: InputFile, in file: SourceFile, among documents: [Node]
  ) -> WorkflowReading? {
    reader(of: document, in: input).map { reader in
      let context = context(of: reader, of: input, in: file, among: documents)
      return WorkflowReaders.read(document, by: reader, in: context)
    }
  }

  /// What the documents of a file define, each in full only where a rule may be about it.
  private func readings(
    of documents: [Node], of input: InputFile, in file: SourceFile
  ) -> [WorkflowReading] {
    var isMentioned: Bool?
    return documents.compactMap { document in
      guard let reader = reader(of: document, in: input) else { return nil }
      func context() -> ReadingContext {
        self.context(of: reader, of: input, in: file, among: documents)
      }
      if let mentions, !notesSteps, !reader.runsModels {
        let mayConcern = isMentioned ?? mentions.areFound(in: file)
        isMentioned = mayConcern
        if !mayConcern, !mentions.areReached(byScriptsOf: reader, of: input) {
          if let reading = mentions.read(document, by: reader, in: context()) { return reading }
        }
      }
      return WorkflowReaders.read(document, by: reader, in: context())
    }
  }

  private func reader(of document: Node, in input: InputFile) -> (any WorkflowReader.Type)? {
    if case .definition(let engine)? = assumed, input.isExplicit {
      return WorkflowReaders.reader(of: engine)
    }
    return WorkflowReaders.all.first { $0.recognises(document, path: input.repositoryPath) }
  }

  private func context(
    of reader: any WorkflowReader.Type, of input: InputFile, in file: SourceFile,
    among documents: [Node]
  ) -> ReadingContext {
    let neighbours = neighbours
    // Each closure keeps what it names: the root alone, not all that is known of the input.
    let root = input.root
    var context = ReadingContext(file: file) { neighbours.source($0, below: root) }
    if reader.followsScriptFiles { context.script = { neighbours.script($0, below: root) } }
    context.documents = documents
    context.pathFromRoot = { neighbours.path($0, below: root) }
    context.repositoryPath = input.absolutePath.flatMap { FilePath.relative($0, to: root) }
    let place = input.absolutePath ?? input.repositoryPath
    context.surroundings = { neighbours.surroundings(of: place, below: root) }
    context.namesakes = { neighbours.surroundings(of: place, below: root, $0) }
    return context
  }

  /// Whether the name, or the user, promises a definition.
  private func isNamedAsDefinition(_ path: String) -> Bool {
    assumed != nil || Self.definitionExtensions.contains(FilePath.fileExtension(path))
  }

  func locate(_ place: SourceLocation, in file: SourceFile) -> Location {
    if place.path == file.path { return file.location(of: place.range) }
    guard let neighbour = neighbours.file(shownAs: place.path) else {
      return .start(of: place.path)
    }
    return neighbour.location(of: place.range)
  }

  private func oversized(_ input: InputFile) -> InputReading {
    // On a walk a file of this size is data, not a definition.
    guard input.isExplicit else { return InputReading() }
    var reading = InputReading(isDefinition: true)
    let megabytes = Limits.fileBytes >> 20
    reading.findings = linterRules.unreadable(
      "the file is larger than \(megabytes) MiB, the most that a definition may have",
      at: .start(of: input.path))
    return reading
  }

  private func findings(_ problem: SourceProblem, in file: SourceFile) -> [Finding] {
    linterRules.unreadable(
      problem.message, hint: problem.hint, severity: problem.severity == .warning ? .warning : nil,
      at: file.location(of: problem.range))
  }

  private func findings(_ mistake: SuppressionMistake, in form: SourceForm) -> [Finding] {
    switch mistake.kind {
    case .directive(let directive):
      linterRules.suppression(
        directive.words, hint: SuppressionDirective.Mistake.hint, severity: .error,
        at: mistake.location)
    case .insideText:
      linterRules.suppression(
        "this comment stands inside a text, where it silences nothing",
        hint: form.commentHint, at: mistake.location)
    }
  }
}

extension SourceForm {
  /// Where a suppression has effect.
  fileprivate var commentHint: String {
    switch self {
    case .json: "accept it under `suppress` in the configuration, by rule, path and step"
    case .markdown: "write it as a comment of the front matter, above the step"
    case .yaml, .xml: "write it as a comment of the definition, above the step"
    }
  }
}
