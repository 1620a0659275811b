import Expressions

/// Which commands only look at data: they need no step of their own.
extension ShellLowerer {
  func isPure(_ command: ShellCommand) -> Bool {
    guard command.redirections.allSatisfy({ isPure($0) }) else { return false }
    switch command.kind {
    case .simple(let simple): return isPure(simple)
    case .pipeline(let stages): return stages.allSatisfy { isPure($0) }
    case .not(let inner): return isPure(inner)
    case .and(let left, let right), .or(let left, let right):
      return isPure(left) && isPure(right)
    case .group(let body), .subshell(let body): return body.count == 1 && isPure(body[0])
    case .test(let tokens):
      return tokens.allSatisfy { token in
        if case .word(let word) = token { isPure(word) } else { true }
      }
    case .arithmetic(let word):
      return ShellArithmetic.writtenNames(in: word).isEmpty && isPure(word)
    case .background, .conditional, .loop, .forEach, .forArithmetic, .selection, .function,
      .unknown:
      return false
    }
  }

  private func isPure(_ simple: ShellSimpleCommand) -> Bool {
    guard simple.assignments.isEmpty, let name = simple.words.first?.literal,
      functions[name] == nil
    else { return false }
    guard simple.words.allSatisfy({ isPure($0) }) else { return false }
    switch name {
    case "test", "[", "true", "false", ":", "echo", "grep", "egrep", "fgrep", "jq", "gojq":
      return true
    case "printf": return simple.words.count < 2 || simple.words[1].literal != "-v"
    case "find":
      return !simple.words.contains { ["-exec", "-execdir", "-ok"].contains($0.literal) }
    default: return Self.filters.contains(name)
    }
  }

  private func isPure(_ redirection: ShellRedirection) -> Bool {
    switch redirection.kind {
    case .input, .hereString: return isPure(redirection.target)
    case .hereDocument(let index):
      return source.script.hereDocuments.indices.contains(index)
        && isPure(source.script.hereDocuments[index])
    case .duplicate: return true
    case .output, .outputAll, .append: return redirection.target.literal == "/dev/null"
    }
  }

  private func isPure(_ word: ShellWord) -> Bool {
    word.parts.allSatisfy { part in
      switch part {
      case .literal, .hole: return true
      case .arithmetic(let inner): return isPure(inner)
      case .command(let commands, _), .process(let commands):
        return commands.count == 1 && (isPure(commands[0]) || readsFile(commands[0]))
      case .parameter(let parameter, _):
        switch parameter.operation {
        case .required: return false
        case .fallback(let inner), .alternative(let inner): return isPure(inner)
        case .plain, .length, .withoutPrefix, .withoutSuffix, .substring, .other: return true
        }
      }
    }
  }

  /// Whether the command is `<file` alone, as in `$(<file)`.
  private func readsFile(_ command: ShellCommand) -> Bool {
    guard case .simple(let simple) = command.kind else { return false }
    return simple.words.isEmpty && simple.assignments.isEmpty
  }

  /// Programs that turn text into other text and do nothing else.
  static let filters: Set<String> = [
    "cat", "head", "tail", "tr", "sed", "awk", "gawk", "cut", "sort", "uniq", "wc", "base64", "rev",
    "column", "fold", "fmt", "nl", "paste", "iconv", "xxd", "od", "hexdump", "sha256sum", "sha1sum",
    "sha512sum", "md5sum", "shasum", "openssl", "envsubst", "seq", "date", "basename", "dirname",
    "tac", "expand", "strings", "yq", "gzip", "gunzip", "zcat", "comm", "diff", "bc", "expr",
    "pwd", "hostname", "whoami", "uname", "id", "nproc", "mktemp", "realpath", "readlink", "which",
    "ls", "stat", "du", "df", "find", "env", "printenv", "uuidgen", "type", "numfmt",
  ]

  /// Commands without a consequence for data: no step.
  static let inert: Set<String> = [
    "cd", "pushd", "popd", "mkdir", "rmdir", "rm", "chmod", "chown", "touch", "ln", "umask", "trap",
    "shopt", "alias", "hash", "ulimit", "wait", "jobs", "disown", "history", "sync", "clear",
    "stty",
    "tput", "getopts", "enable", "complete", "bind", "dirs", "fg", "bg", "times", "kill", "killall",
    "pkill", "ps", "free", "uptime", "groups", "locale", "ldconfig", "update-alternatives",
  ]
}
