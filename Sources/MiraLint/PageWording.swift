import Analysis
package import Rules
import Workflows

extension Linter {
  /// What the pages of rules show beside their documents.
  package var pageWords: PageWords {
    var words = PageWords()
    let field = certificateField
    for engine in GateWriters.engines {
      guard let proof = ProofWords.example(of: engine, field: field) else { continue }
      words.examples[engine] = ["proof": proof.value, "proof.gate": proof.gate, "proof.note": ""]
    }
    words.fixableEngines = GateWriters.engines
    words.causes = CauseWords.all
    return words
  }
}
