package import Expressions
package import SourceText

/// What a script's surroundings mean, as the engine's reader knows it.
package struct ScriptContext: Sendable {
  /// The file the script stands in.
  package var path: String
  /// The user's name and the symbolic route of the step the script belongs to.
  package var stepName: String
  package var route: String
  /// Prefix that makes shell variables and files unique: files live as long as the job, variables as long as the step.
  package var variableScope: String
  package var fileScope: String
  /// Where the engine substitutes its own expressions before the shell sees the text: UTF-8 ranges of the script's
  /// decoded text, in order.
  package var substitutions: [Substitution]
  /// Environment variables set outside the script.
  package var environment: [String: Value]
  /// Files with a meaning to the engine, by the variable that names them (`GITHUB_OUTPUT`).
  package var specialFiles: [String: SpecialFile]
  /// Lines on standard output that the engine obeys (`::set-output name=key::value`).
  package var printedCommands: [PrintedCommand]
  /// `set -e` and `set -o pipefail` at the start (GitHub's `bash -e`; `shell: bash` adds pipefail).
  package var exitsOnError: Bool
  package var pipesFail: Bool
  /// Files with a meaning to the engine, by their path.
  package var namedFiles: [String: SpecialFile] = [:]
  /// Takes what the script prints, where the engine keeps it.
  package var standardOutput: Variable?
  /// A line of JSON on standard output that the engine obeys.
  package var printedRecord: PrintedRecord?
  /// What `$1` and so on read.
  package var positional: [Value] = []
  /// What the script can read from its standard input; `nil` where nobody gives it any.
  package var standardInput: Value?
  /// Prefix of the variables that it inherits, where its own have another.
  package var inheritedScope: String?
  /// Functions of the engine that a program hands a record to: its fields become those of a variable.
  package var outputFunctions: [String: SpecialFile] = [:]
  /// Another script of the same repository by its path, `nil` where it is absent or outside.
  package var otherScript: @Sendable (String) -> SourceFile? = { _ in nil }
  /// Scripts that scripts before wrote, by the variable of their file.
  package var writtenScripts: [Variable: WrittenScript] = [:]
  /// The name that the script was found by, where it is a file of the repository.
  package var scriptName = ""
  /// How many scripts lead to this one.
  package var depth = 0
  /// The number of the script's first step among those of its step.
  package var firstPart = 0
  /// The directory that relative names start from, with its `/`; empty for one that has no name.
  package var workingDirectory = ""
  /// Directories and files that other scripts see, too, by their path: the longest that fits decides.
  package var sharedFolders: [String: SharedFolder] = [:]

  package init(
    path: String, stepName: String, route: String, variableScope: String, fileScope: String,
    substitutions: [Substitution] = [], environment: [String: Value] = [:],
    specialFiles: [String: SpecialFile] = [:], printedCommands: [PrintedCommand] = [],
    exitsOnError: Bool = true, pipesFail: Bool = false
  ) {
    self.path = path
    self.stepName = stepName
    self.route = route
    self.variableScope = variableScope
    self.fileScope = fileScope
    self.substitutions = substitutions
    self.environment = environment
    self.specialFiles = specialFiles
    self.printedCommands = printedCommands
    self.exitsOnError = exitsOnError
    self.pipesFail = pipesFail
  }

  /// Prefix of the variables that the environment holds.
  var environmentScope: String { inheritedScope ?? variableScope }

  /// The variable that holds what stands in a file.
  package func file(_ name: String) -> Variable {
    let path = name.hasPrefix("/") ? name : workingDirectory + name
    guard !sharedFolders.isEmpty, let (folder, inner) = sharedFolder(of: path) else {
      return Variable(fileScope + "file:" + path)
    }
    guard let mount = folder.mount else { return Variable(folder.scope + "file:" + path) }
    return Variable(folder.scope + "file:" + (mount.isEmpty ? "" : mount + "/") + inner)
  }

  private func sharedFolder(of path: String) -> (folder: SharedFolder, inner: Substring)? {
    var end = path.endIndex
    while true {
      if let folder = sharedFolders[String(path[..<end])] {
        return (folder, path[end...].drop { $0 == "/" })
      }
      guard let slash = path[..<end].lastIndex(of: "/") else { break }
      end = slash
    }
    // The directory that relative names start from holds no absolute ones.
    guard !path.hasPrefix("/"), let whole = sharedFolders[""] else { return nil }
    return (whole, path[...])
  }

  /// A directory, or a single file, that outlives the script.
  package struct SharedFolder: Sendable {
    package var scope: String
    /// What is mounted there: others may mount the same at another place.
    package var mount: String?
    package init(scope: String, mount: String? = nil) {
      self.scope = scope
      self.mount = mount
    }
  }

  package struct Substitution: Sendable {
    package var range: ByteRange
    package var value: Value
    /// The scalar of the same file that is put in, where it is known.
    package var source: Source?

    package init(range: ByteRange, value: Value, source: Source? = nil) {
      self.range = range
      self.value = value
      self.source = source
    }

    /// A scalar with what is put into it in turn.
    package struct Source: Sendable {
      package var node: Node
      package var substitutions: [Substitution]
      package init(_ node: Node, _ substitutions: [Substitution]) {
        self.node = node
        self.substitutions = substitutions
      }
    }
  }

  /// A line of the form prefix, key, separator, value that the engine takes from standard output.
  package struct PrintedCommand: Sendable {
    /// What the line starts with: `::set-output name=`.
    package var prefix: String
    /// What stands between key and value: `::`.
    package var separator: String
    /// The special file that the pair goes to, by the variable that names it.
    package var file: String
    package init(prefix: String, separator: String, file: String) {
      self.prefix = prefix
      self.separator = separator
      self.file = file
    }
  }

  /// A line of JSON between two marks, one field of which becomes fields of a variable (`::{"outputs":{"a":1}}::`).
  package struct PrintedRecord: Sendable {
    package var prefix: String
    package var suffix: String
    /// The field of the JSON whose fields are meant.
    package var field: String
    package var variable: Variable
    package var path: [PathComponent]
    package init(
      prefix: String, suffix: String, field: String, variable: Variable, path: [PathComponent]
    ) {
      self.prefix = prefix
      self.suffix = suffix
      self.field = field
      self.variable = variable
      self.path = path
    }
  }

  package enum SpecialFile: Sendable {
    /// `key=value` lines and `key<<EOF` blocks become fields of this variable below the path.
    case fields(of: Variable, path: [PathComponent])
    /// `key=value` lines become variables named `prefix` + key.
    case variables(prefix: String)
    /// Writing is a call of kind `file` with this name and the text as argument `0` (`GITHUB_STEP_SUMMARY`).
    case call(String)
  }
}

/// Where control leaves a lowered script.
package struct ScriptExits: Sendable {
  package var success: [LooseEnd]
  package var failure: [LooseEnd]
  /// What could not be understood.
  package var gaps: [Workflow.Gap]
  /// Scripts that the script wrote, and those that it found.
  package var writtenScripts: [Variable: WrittenScript] = [:]
  package init(success: [LooseEnd], failure: [LooseEnd], gaps: [Workflow.Gap] = []) {
    self.success = success
    self.failure = failure
    self.gaps = gaps
  }
}
