#if Certificates
  package import SourceText

  /// A property that a model card or a bill of materials claims, to be backed by an attestation.
  package struct Claim: Sendable {
    package var metric: String
    /// The data set's name and type: either may be how an attestation calls it.
    package var datasets: [String]
    package var value: Value
    /// Whether it says of itself that somebody has verified it.
    package var saysVerified: Bool
    package var range: ByteRange

    package enum Value: Sendable {
      /// A number, and the size of its last digit as written.
      case number(Double, unit: Double)
      case absent
    }

    package init(
      metric: String, datasets: [String], value: Value, saysVerified: Bool, range: ByteRange
    ) {
      self.metric = metric
      self.datasets = datasets
      self.value = value
      self.saysVerified = saysVerified
      self.range = range
    }

    /// A number as people write it: `0.914`, `91.4 %`.
    static func value(_ node: Node?) -> Value {
      guard var text = node?.text?.filter({ !$0.isWhitespace }), !text.isEmpty else {
        return .absent
      }
      if text.hasSuffix("%") { text.removeLast() }
      guard let number = Double(text), number.isFinite else { return .absent }
      let fraction = text.split(separator: ".").dropFirst().first.map {
        $0.prefix { $0.isNumber }.count
      }
      var unit = 1.0
      for _ in 0..<min(fraction ?? 0, 15) { unit /= 10 }
      return .number(number, unit: unit)
    }

    /// `accuracy 0.91 on squad`.
    package var title: String {
      var words = metric
      if case .number(let number, _) = value {
        words +=
          " \(number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)")"
      }
      if let dataset = datasets.first { words += " on \(dataset)" }
      return words
    }

    /// Whether a result speaks of the same measure and data.
    package func isAbout(_ result: Evaluation.Result) -> Bool {
      guard Self.plain(result.metric) == Self.plain(metric) else { return false }
      guard let dataset = result.dataset, !datasets.isEmpty else { return datasets.isEmpty }
      return datasets.contains { Self.plain($0) == Self.plain(dataset) }
    }

    /// Whether a result is the claimed number, to the claim's last digit and on whichever scale.
    package func agrees(with result: Evaluation.Result) -> Bool {
      guard case .number(let number, let unit) = value else { return true }
      return [1.0, 100, 0.01].contains { scale in
        // A share is only taken for per cent where it can be one.
        if scale == 100, !(0...1).contains(result.value) { return false }
        if scale == 0.01, !(1...100).contains(result.value) { return false }
        return abs(result.value * scale - number) <= unit * 0.500001
      }
    }

    /// Whether a test's name speaks of the same measure and data.
    package func isNamed(by test: String) -> Bool {
      let test = Self.plain(test)
      let metric = Self.plain(metric)
      guard !metric.isEmpty, test.contains(metric) else { return false }
      return datasets.isEmpty || datasets.contains { test.contains(Self.plain($0)) }
    }

    /// A name without case and signs: `F1-Score` and `f1_score` are one.
    static func plain(_ name: String) -> String {
      String(
        String.UnicodeScalarView(
          name.lowercased().unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
          }))
    }
  }
#endif
