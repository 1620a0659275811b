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
    let isPlain = DisplayText.isPlain(source)
    // A visible letter of ASCII is a byte, and takes a column.
    let scalars =
      isPlain ? source.utf8.map { Unicode.Scalar($0) } : Array(source.unicodeScalars)
    func width(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
      isPlain ? scalars.count : scalars.reduce(0) { $0 + DisplayText.width($1) }
    }
    var start = min(max(location.column - 1, 0), scalars.count)
    var end = location.endLine == location.line ? location.endColumn - 1 : scalars.count
    end = min(max(end, start), scalars.count)
    while end > start + 1, Self.isSpace(scalars[end - 1]) { end -= 1 }

    var shown = scalars[...]
    var before = ""
    var after = ""
    if width(shown) > room {
      // Keep some of the line before the marked part, and as much after it as fits.
      let first = max(0, start - room / 4)
      var last = first
      var used = 2
      while last < scalars.count, used + DisplayText.width(scalars[last]) <= room {
        used += DisplayText.width(scalars[last])
        last += 1
      }
      shown = scalars[first..<last]
      before = first > 0 ? "…" : ""
      after = last < scalars.count ? "…" : ""
      start = min(max(start, first), last)
      end = min(max(end, start), last)
    }
    let text = isPlain ? Self.letters(shown) : DisplayText.printable(Self.string(shown))
    sourceLine = before + text + after

    let column = before.count + width(shown[shown.startIndex..<start])
    let length = max(1, width(shown[start..<end]))
    let underline =
      DisplayText.run(column) + DisplayText.run(length, of: mark)
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

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar.value == 0x20 || 0x09...0x0D ~= scalar.value : scalar.properties.isWhitespace
  }

  private static func letters(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(decoding: scalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
