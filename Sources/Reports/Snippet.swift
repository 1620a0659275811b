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
  ///   - mark: the character to underline with.
  ///   - room: how many columns there are.
  init(source: String, location: Location, label: String, mark: Character, room: Int) {
    let scalars = Array(source.unicodeScalars)
    var start = min(max(location.column - 1, 0), scalars.count)
    var end = location.endLine == location.line ? location.endColumn - 1 : scalars.count
    end = min(max(end, start), scalars.count)
    while end > start + 1, scalars[end - 1].properties.isWhitespace { end -= 1 }

    var shown = scalars[...]
    var before = ""
    var after = ""
    if Self.width(shown) > room {
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
    sourceLine = before + DisplayText.printable(Self.string(shown)) + after

    let column = before.count + Self.width(shown[shown.startIndex..<start])
    let length = max(1, Self.width(shown[start..<end]))
    let underline =
      String(repeating: " ", count: column) + String(repeating: mark, count: length)
    let label = DisplayText.printable(label)
    if label.isEmpty {
      marks = [underline]
    } else if column + length + 1 + DisplayText.width(label) <= room {
      marks = [underline + " " + label]
    } else {
      // Below the marks, moved left where that spares lines.
      let indentation = min(column, max(room / 3, 4))
      let lines = DisplayText.wrapped(label, to: max(room - indentation, 20))
      marks = [underline] + lines.map { String(repeating: " ", count: indentation) + $0 }
    }
  }

  private static func width(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + DisplayText.width($1) }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
