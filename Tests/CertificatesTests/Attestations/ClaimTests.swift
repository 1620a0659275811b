#if Certificates
  import Certificates
  import SourceText
  import Testing

  @Suite struct ClaimTests {
    private func claim(_ value: String, metric: String = "exact_match") throws -> Claim {
      let text = """
        model-index:
          - results:
              - dataset: { name: SQuAD v2, type: squad_v2 }
                metrics: [{ type: \(metric), value: \(value) }]
        """
      let file = SourceFile(path: "README.md", bytes: Array(text.utf8))
      let root = try #require(YAMLReader.read(file).documents.first)
      return try #require(ModelCard(root).claims.first)
    }

    private func result(_ value: Double, _ metric: String = "Exact Match") -> Evaluation.Result {
      Evaluation.Result(metric: metric, dataset: "squad-v2", value: value)
    }

    @Test(arguments: [
      ("81.4", 0.814, true), ("81.4", 81.4, true), ("0.814", 0.8142, true),
      ("81.4", 0.8136, true), ("81.4", 0.8134, false), ("84.1", 0.814, false),
      ("0.9", 0.94, true), ("0.9", 0.96, false), ("1", 0.01, true), ("81.4", 8140, false),
    ])
    func `a claim holds to its last digit, as a share or in per cent`(
      claimed: String, attested: Double, agrees: Bool
    ) throws {
      let claim = try claim("\"\(claimed)\"")
      #expect(claim.isAbout(result(attested)))
      #expect(claim.agrees(with: result(attested)) == agrees)
    }

    @Test func `names of measures and data sets are compared without case and signs`() throws {
      let claim = try claim("1.0", metric: "F1-Score")
      #expect(claim.isAbout(result(1, "f1_score")))
      #expect(!claim.isAbout(result(1, "f2_score")))
      var elsewhere = result(1, "f1 score")
      elsewhere.dataset = "trivia_qa"
      #expect(!claim.isAbout(elsewhere))
      #expect(claim.isNamed(by: "eval/SQuAD_v2/f1-score"))
      #expect(!claim.isNamed(by: "eval/trivia_qa/f1-score"))
    }
  }
#endif
