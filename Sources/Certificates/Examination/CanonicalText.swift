#if Certificates
  /// Texts with accented letters composed (NFC) or decomposed (NFD).
  ///
  /// The standard library compares texts by canonical equivalence and tells no normal form; so forms are found by what
  /// equals what: Latin, Greek and Cyrillic letters with their marks, and Hangul by its arithmetic.
  enum CanonicalText {
    static func composed(_ text: String) -> String {
      var result = String.UnicodeScalarView()
      for character in text {
        if let scalar = forms.composed[character] {
          result.append(scalar)
        } else {
          result += Hangul.composed(character.unicodeScalars)
        }
      }
      return String(result)
    }

    static func decomposed(_ text: String) -> String {
      var result = String.UnicodeScalarView()
      for character in text {
        if let scalars = forms.decomposed[character] {
          result += scalars
        } else {
          for scalar in character.unicodeScalars { result += Hangul.decomposed(scalar) }
        }
      }
      return String(result)
    }

    // Made when bytes have not matched their hash, and only then.
    private static let forms = Forms()

    private struct Forms {
      /// By any form of it, the letter as one scalar.
      var composed: [Character: Unicode.Scalar] = [:]
      /// By any form of it, the letter with its marks behind it.
      var decomposed: [Character: [Unicode.Scalar]] = [:]

      init() {
        let letters: [ClosedRange<UInt32>] = [
          0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x370...0x3FF, 0x400...0x4FF, 0x1E00...0x1FFF,
        ]
        let marks = (UInt32(0x300)...0x345).compactMap(Unicode.Scalar.init)
        var singles: [Character: Unicode.Scalar] = [:]
        for scalar in letters.joined().compactMap(Unicode.Scalar.init) {
          // Of two equal scalars the one with the smaller number is the composed form (Å, not the Ångström sign).
          let character = Character(scalar)
          if singles[character] == nil { singles[character] = scalar }
        }
        // A letter with a mark is a letter again, which may take another one.
        var waiting = singles.values.filter { $0.value < 0x7B || $0.properties.isAlphabetic }
          .filter { scalar in scalar.value < 0x80 || (0x370...0x4FF).contains(scalar.value) }
          .map { [$0] }
        while let scalars = waiting.popLast() {
          for mark in marks {
            let longer = scalars + [mark]
            var view = String.UnicodeScalarView()
            view += longer
            let text = String(view)
            guard text.count == 1, let character = text.first, let single = singles[character],
              decomposed[character] == nil
            else { continue }
            composed[character] = single
            decomposed[character] = longer
            if longer.count < 4 { waiting.append(longer) }
          }
        }
      }
    }

    /// Syllables of Hangul and their parts.
    private enum Hangul {
      static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        guard (0xAC00...0xD7A3).contains(scalar.value) else { return [scalar] }
        let index = scalar.value - 0xAC00
        let parts = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
        return parts.filter { $0 != 0x11A7 }.compactMap(Unicode.Scalar.init)
      }

      static func composed(_ scalars: some Collection<Unicode.Scalar>) -> [Unicode.Scalar] {
        let values = scalars.map(\.value)
        guard values.count == 2 || values.count == 3, (0x1100...0x1112).contains(values[0]),
          (0x1161...0x1175).contains(values[1])
        else { return Array(scalars) }
        let last = values.count == 3 ? values[2] : 0x11A7
        guard (0x11A7...0x11C2).contains(last) else { return Array(scalars) }
        let syllable =
          0xAC00 + (values[0] - 0x1100) * 588 + (values[1] - 0x1161) * 28 + last - 0x11A7
        return Unicode.Scalar(syllable).map { [$0] } ?? Array(scalars)
      }
    }
  }
#endif
