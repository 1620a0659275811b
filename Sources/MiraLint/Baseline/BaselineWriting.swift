package import Findings

extension Linter {
  /// Accepts everything that counts in an outcome.
  ///
  /// - Parameter outcome: what this linter found; without a baseline of its own, so that an old one loses nothing.
  /// - Returns: the new baseline.
  package func baseline(of outcome: CheckOutcome) -> Baseline {
    Baseline(of: outcome.findings) { outcome.excerpts[$0]?.repositoryPath ?? $0 }
  }
}
