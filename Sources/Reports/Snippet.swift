import Findings

/// A source line with marks under a part of it, cut to the room there is.
struct Snippet {
  /// The line as shown.
  let sourceLine: String
  /// The lines below it: the marks, with the label beside or below.
  let marks: [String]

  /// - Parameters:
  ///   - source: the line's text without its line end.
  ///   - location: the part to mark; where it goes on to other lines, the rest of this one is marked.
  ///   - label: what to say about the part.
  ///   - mark: the ASCII character to underline with.
  ///   - room: how many columns there are.
  init(source: String, location: Location, label: String, mark: UInt8, room: Int) {
    // A visible letter of ASCII is a byte, and takes a column.
    self =
      DisplayText.isPlain(source)
      ? Self(Array(source.utf8), location, label, mark, room)
      : Self(Array(source.unicodeScalars), location, label, mark, room)
  }

  private init<Letter: SnippetLetter>(
    _ letters: [Letter], _ location: Location, _ label: String, _ mark: UInt8, _ room: Int
  ) {
    var start = min(max(location.column - 1, 0), letters.count)
    var end = location.endLine == location.line ? location.endColumn - 1 : letters.count
    end = min(max(end, start), letters.count)
    while end > start + 1, letters[end - 1].isSpace { end -= 1 }

    var shown = letters[...]
    var before = ""
    var after = ""
    if Letter.width(of: shown) > room {
      // Keep some of the line before the marked part, and as much after it as fits.
      let first = max(0, start - room / 4)
      var last = first
      var used = 2
      while last < letters.count, used + letters[last].width <= room {
        used += letters[last].width
        last += 1
      }
      shown = letters[first..<last]
      before = first > 0 ? "…" : ""
      after = last < letters.count ? "…" : ""
      start = min(max(start, first), last)
      end = min(max(end, start), last)
    }
    sourceLine = before + Letter.text(shown) + after

    let column = before.count + Letter.width(of: shown[shown.startIndex..<start])
    let length = max(1, Letter.width(of: shown[start..<end]))
    let underline = DisplayText.run(column) + DisplayText.run(length, of: mark)
    let label = DisplayText.printable(label)
    if label.isEmpty {
      marks = [underline]
    } else if column + length + 1 + DisplayText.width(label) <= room {
      marks = [underline + " " + label]
    } else {
      // Below the marks, moved left where that spares lines.
      let indentation = min(column, max(room / 3, 4))
      let lines = DisplayText.wrapped(label, to: max(room - indentation, 20))
      marks = [underline] + lines.map { DisplayText.run(indentation) + $0 }
    }
  }
}

/// What a line is made of.
private protocol SnippetLetter {
  /// How many columns it takes.
  var width: Int { get }
  var isSpace: Bool { get }
  static func width(of letters: ArraySlice<Self>) -> Int
  static func text(_ letters: ArraySlice<Self>) -> String
}

extension UInt8: SnippetLetter {
  fileprivate var width: Int { 1 }
  fileprivate var isSpace: Bool { self == 0x20 }
  fileprivate static func width(of letters: ArraySlice<UInt8>) -> Int { letters.count }

  fileprivate static func text(_ letters: ArraySlice<UInt8>) -> String {
    String(decoding: letters, as: UTF8.self)
  }
}

extension Unicode.Scalar: SnippetLetter {
  fileprivate var width: Int { DisplayText.width(self) }

  fileprivate var isSpace: Bool {
    isASCII ? value == 0x20 || 0x09...0x0D ~= value : properties.isWhitespace
  }

  fileprivate static func width(of letters: ArraySlice<Unicode.Scalar>) -> Int {
    letters.reduce(0) { $0 + $1.width }
  }

  fileprivate static func text(_ letters: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: letters)
    return DisplayText.printable(String(view))
  }
}
