import Expressions
import SourceText

/// What the expressions at one place of a definition can see, and how its variables are named.
struct GitHubScope {
  /// The file that the text stands in.
  var file: SourceFile
  /// The directory of the composite action that the text belongs to, from the repository's root and with its `/`.
  var actionDirectory: String?
  /// Where scripts run unless their step says otherwise.
  var workingDirectory: String?
  /// Makes the variables of steps and inputs unique: `jobs.answer/`.
  var prefix: String
  /// Makes variables that live as long as the job unique: files and `$GITHUB_ENV`.
  var jobPrefix: String
  /// The steps that ran before, by id in lower case.
  var steps: [String: GitHubStepOutputs] = [:]
  /// Whether every step's id is known: a step that is not there does not exist.
  var declaredSteps: Set<String> = []
  /// The jobs named in `needs`, by id in lower case.
  var needs: [String: GitHubJobOutputs] = [:]
  /// All jobs, for the outputs of the workflow; `nil` elsewhere.
  var jobs: [String: GitHubJobOutputs]?
  /// What the caller gave, where the definition was included; `nil` where it comes from outside.
  var inputs: [String: Value]?
  /// Static environment: workflow, job and step.
  var environment: [String: Value] = [:]
  /// Names that earlier steps of the job wrote to `$GITHUB_ENV`.
  var writtenEnvironment: Set<String> = []
  /// The files that earlier steps of the job wrote.
  var files: Set<String> = []
  /// The scripts that earlier steps of the job wrote.
  var writtenScripts: [Variable: WrittenScript] = [:]
  /// The matrix's values, by key in lower case.
  var matrix: [String: Value] = [:]
  /// The matrix where it is computed.
  var computedMatrix: Value?

  func file(_ path: String) -> Variable { Variable("\(jobPrefix)file:\(path)") }

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: file.path, range: range)
  }
}

/// A step's outputs as expressions name them.
struct GitHubStepOutputs {
  var route: String
  var variable: Variable
  /// The outputs it can have, in lower case with their spelling; `nil` where unknown.
  var declared: [String: String]?
  /// How scripts of the step spell the outputs they write, by the name in lower case.
  var written: [String: String] = [:]
  /// A failure becomes the conclusion `success`.
  var continuesOnError: Bool
}

/// A job's outputs as expressions name them.
struct GitHubJobOutputs {
  var route: String
  var variable: Variable
  /// The outputs it has, in lower case with their spelling; `nil` where unknown.
  var declared: [String: String]?
}
