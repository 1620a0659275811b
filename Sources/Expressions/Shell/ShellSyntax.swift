package import SourceText

/// A parsed shell script.
///
/// All ranges are UTF-8 offsets in the script's text.
package struct ShellScript: Sendable {
  package var commands: [ShellCommand]
  /// The bodies of here-documents, in the order of their operators; a redirection refers to them by index.
  package var hereDocuments: [ShellWord]
}

/// A command, simple or compound, with its redirections.
package struct ShellCommand: Sendable {
  package var kind: Kind
  package var redirections: [ShellRedirection]
  package var range: ByteRange

  package indirect enum Kind: Sendable {
    case simple(ShellSimpleCommand)
    case pipeline([ShellCommand])
    case not(ShellCommand)
    case and(ShellCommand, ShellCommand)
    case or(ShellCommand, ShellCommand)
    /// `command &`
    case background(ShellCommand)
    case group([ShellCommand])
    case subshell([ShellCommand])
    /// Each branch's condition and body in order; the `else` body is `nil` where none is written.
    case conditional([Branch], otherwise: [ShellCommand]?)
    /// `while` and `until`.
    case loop(condition: [ShellCommand], body: [ShellCommand], until: Bool)
    /// `for x in words`; `words` is `nil` for the positional parameters.
    case forEach(variable: String, words: [ShellWord]?, body: [ShellCommand])
    /// `for ((;;))` with its head as text.
    case forArithmetic(head: ShellWord, body: [ShellCommand])
    case selection(of: ShellWord, [Arm])
    case function(name: String, body: ShellCommand)
    /// `[[ … ]]`
    case test([ShellTestToken])
    /// `(( … ))`
    case arithmetic(ShellWord)
    /// Nothing that the parser understands; the words are what it saw.
    case unknown([ShellWord])
  }

  package struct Branch: Sendable {
    package var condition: [ShellCommand]
    package var body: [ShellCommand]
  }

  /// One `pattern | pattern) body ;;` of a `case`.
  package struct Arm: Sendable {
    package var patterns: [ShellWord]
    package var body: [ShellCommand]
    /// Ends with `;&`: the next body runs as well.
    package var fallsThrough: Bool
  }
}

/// Assignments and words up to the end of the command.
package struct ShellSimpleCommand: Sendable {
  package var assignments: [ShellAssignment]
  package var words: [ShellWord]
}

/// `NAME=value`, `NAME+=value` or `NAME[i]=value`.
package struct ShellAssignment: Sendable {
  package var name: String
  package var value: ShellWord
  package var appends: Bool
  /// The elements of `NAME=(a b c)`.
  package var elements: [ShellWord]?
  package var range: ByteRange
}

/// `> file`, `2>&1`, `<<EOF` and their kin.
package struct ShellRedirection: Sendable {
  package enum Operator: Sendable {
    case input, output, append
    /// `&>`: standard output and error.
    case outputAll
    /// `>&` or `<&` with a descriptor.
    case duplicate
    case hereString
    /// The index of the body in ``ShellScript/hereDocuments``.
    case hereDocument(Int)
  }
  package var kind: Operator
  /// The descriptor before the operator, `nil` where none is written.
  package var descriptor: Int?
  package var target: ShellWord
}

/// A token inside `[[ … ]]`.
package enum ShellTestToken: Sendable {
  case word(ShellWord)
  case and, or, not, open, close
  case less, greater
}

/// A word: adjacent literal and expanded parts.
package struct ShellWord: Sendable {
  package var parts: [Part]
  package var range: ByteRange

  package init(parts: [Part], range: ByteRange) {
    self.parts = parts
    self.range = range
  }

  package enum Part: Sendable {
    /// Text after quote removal; `quoted` text is no pattern and is not split.
    case literal(String, quoted: Bool)
    case parameter(ShellParameter, quoted: Bool)
    case command([ShellCommand], quoted: Bool)
    /// `<(…)`: the command's output as a file.
    case process([ShellCommand])
    case arithmetic(ShellWord)
    /// An engine's own expression, by its index in the given substitutions.
    case hole(Int, quoted: Bool)
  }

  /// The whole text, where no part of it is expanded.
  package var literal: String? {
    if parts.count == 1 {
      guard case .literal(let text, _) = parts[0] else { return nil }
      return text
    }
    var text = ""
    for part in parts {
      guard case .literal(let piece, _) = part else { return nil }
      text += piece
    }
    return text
  }

  /// The text, where it is a single unquoted piece: only such a word can be a reserved word.
  package var bare: String? {
    guard parts.count == 1, case .literal(let text, quoted: false) = parts[0] else { return nil }
    return text
  }
}

/// `$NAME` or `${NAME…}`.
package struct ShellParameter: Sendable {
  package var name: String
  /// The element that is read, where a number names it: `${NAME[1]}`.
  package var element: Int?
  package var operation: Operation
  /// Whether the operation has its colon: an empty value counts as none.
  package var takesEmptyAsUnset: Bool
  package var range: ByteRange

  package init(
    name: String, operation: Operation, takesEmptyAsUnset: Bool = false, range: ByteRange
  ) {
    self.name = name
    self.operation = operation
    self.takesEmptyAsUnset = takesEmptyAsUnset
    self.range = range
  }

  package indirect enum Operation: Sendable {
    case plain
    /// `${#NAME}`
    case length
    /// `${NAME:-word}`, `${NAME:=word}`, also without the colon
    case fallback(ShellWord)
    /// `${NAME:+word}`, `${NAME+word}`
    case alternative(ShellWord)
    /// `${NAME:?message}`, `${NAME?message}`
    case required
    /// `${NAME#p}`, `${NAME##p}`
    case withoutPrefix(ShellWord)
    /// `${NAME%p}`, `${NAME%%p}`
    case withoutSuffix(ShellWord)
    /// `${NAME:offset:length}`
    case substring(ShellWord)
    /// Anything else: replacement, case, indirection.
    case other
  }
}
