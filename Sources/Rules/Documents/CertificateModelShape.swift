import SourceText

extension Shape where Value == CertificateModel {
  /// The `certificate` section of a protocol.
  package static var certificateModel: Shape {
    let names = Shape<[String]>.oneOrMore(of: .text)
    return Shape.record(
      "a certificate", CertificateModel(),
      [
        .required(
          "fields", { $0.fields = $1 },
          .dictionary("part", key: .choice("a part of a certificate"), of: names),
          "What its parts are called, the best name first; compared without case, `-` and `_`; `a.b` is `b` inside `a`."
        ),
        .optional(
          "signature", { $0.signature = $1 },
          .dictionary("part", key: .choice("a part of a signature"), of: names),
          "What the parts of one signature are called."),
        .optional(
          "evidence", { $0.evidence = $1 },
          .dictionary("part", key: .choice("a part of evidence"), of: names),
          "What the parts of one claim with its evidence are called."),
        .optional(
          "marks", { $0.marks = $1 },
          .oneOrMore(of: Shape<CertificateModel.Field>.choice("a part of a certificate")),
          "What an object must have to be taken for a certificate; `hash`, `output-hash` and `signatures` where this is absent."
        ),
        .optional(
          "hash-algorithm", { $0.hashAlgorithm = $1 },
          .word("a hash function", of: ["sha256", "sha384", "sha512"]),
          "The hash function where a hash does not name its own; sha256 where this is absent."),
        .optional(
          "hash-without", { $0.hashWithout = $1 }, names,
          "Members that the hash leaves out, beside the hash itself and the signatures."),
        .optional(
          "signed", { $0.signed = $1 },
          .oneOrMore(of: Shape<CertificateModel.SignedForm>.choice("a form that is signed")),
          "What signatures are over: the `hash` as bytes, the hash as the `digest` that ECDSA signs, the `hash-text`, or the `canonical` bytes; one is enough."
        ),
        .optional("policy", { $0.policy = $1 }, .certificatePolicy, "What is asked of quorums."),
      ]
    ).then { model, node, reading in
      for part in model.marks where model.fields[part] == nil {
        reading.report(
          "a certificate is recognised by its \(part.rawValue), and nothing says what that is called",
          hint: "name it under `fields`, or leave it out of `marks`",
          at: node.entries.first?.key ?? node)
      }
      return model
    }
  }
}

extension Shape where Value == CertificatePolicy {
  /// What a house asks of quorums beyond their weight.
  package static var certificatePolicy: Shape {
    .record(
      "a policy", CertificatePolicy(),
      [
        .optional(
          "families", { $0.families = $1 }, .number, "At least so many model families sign validly."
        ),
        .optional(
          "operators", { $0.operators = $1 }, .number, "At least so many operators sign validly."),
        .optional(
          "most-of-one-family", { $0.mostOfOneFamily = $1 }, .share,
          "The largest share of the valid weight that one model family may have."),
        .optional(
          "least-round", { $0.leastRoundSeconds = $1 }, .seconds,
          "A round that took less time cannot have looked."),
        .optional(
          "least-answer", { $0.leastAnswerSeconds = $1 }, .seconds,
          "An evaluation that took less time for an answer, on average, cannot have waited for it."),
      ])
  }
}
