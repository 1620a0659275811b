import SourceText

/// Where an engine substitutes its own expressions in a script, by the first byte of each.
struct ShellHoles {
  private var byStart: [Int: (index: Int, end: Int)] = [:]
  /// A bit for every place modulo 64: a script is asked about each of its bytes, and most need no look-up.
  private var marks: UInt64 = 0

  /// - Parameters:
  ///   - ranges: the substitutions; those that are empty or reach beyond the text are none.
  ///   - count: the length of the text.
  init(_ ranges: [ByteRange], in count: Int) {
    for (index, range) in ranges.enumerated() where range.start < range.end && range.end <= count {
      byStart[range.start] = (index, range.end)
      marks |= 1 &<< UInt64(truncatingIfNeeded: range.start & 63)
    }
  }

  subscript(place: Int) -> (index: Int, end: Int)? {
    marks & (1 &<< UInt64(truncatingIfNeeded: place & 63)) == 0 ? nil : byStart[place]
  }
}
