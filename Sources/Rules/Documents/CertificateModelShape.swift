import SourceText

extension Shape where Value == CertificateModel {
  /// The `certificate` section of a protocol.
  package static var certificateModel: Shape {
    let names = Shape<[String]>.oneOrMore(of: .text)
    return Shape.record(
      "a certificate", CertificateModel(),
      [
        .required(
          "fields", \.fields,
          .dictionary("part", key: .choice("a part of a certificate"), of: names),
          "What its parts are called, the best name first; compared without case, `-` and `_`; `a.b` is `b` inside `a`."
        ),
        .optional(
          "signature", \.signature,
          .dictionary("part", key: .choice("a part of a signature"), of: names),
          "What the parts of one signature are called."),
        .optional(
          "evidence", \.evidence,
          .dictionary("part", key: .choice("a part of evidence"), of: names),
          "What the parts of one claim with its evidence are called."),
        .optional(
          "marks", \.marks,
          .oneOrMore(of: Shape<CertificateModel.Field>.choice("a part of a certificate")),
          "What an object must have to be taken for a certificate; `hash`, `output-hash` and `signatures` where this is absent."
        ),
        .optional(
          "hash-algorithm", \.hashAlgorithm,
          .word("a hash function", of: ["sha256", "sha384", "sha512"]),
          "The hash function where a hash does not name its own; sha256 where this is absent."),
        .optional(
          "hash-without", \.hashWithout, names,
          "Members that the hash leaves out, beside the hash itself and the signatures."),
        .optional(
          "signed", \.signed,
          .oneOrMore(of: Shape<CertificateModel.SignedForm>.choice("a form that is signed")),
          "What signatures are over: the `hash` as bytes, the hash as the `digest` that ECDSA signs, the `hash-text`, or the `canonical` bytes; one is enough."
        ),
        .optional("policy", \.policy, .certificatePolicy, "What is asked of quorums."),
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
          "families", \.families, .number, "At least so many model families sign validly."),
        .optional("operators", \.operators, .number, "At least so many operators sign validly."),
        .optional(
          "most-of-one-family", \.mostOfOneFamily, .share,
          "The largest share of the valid weight that one model family may have."),
        .optional(
          "least-round", \.leastRoundSeconds, .seconds,
          "A round that took less time cannot have looked."),
        .optional(
          "least-answer", \.leastAnswerSeconds, .seconds,
          "An evaluation that took less time for an answer, on average, cannot have waited for it."),
      ])
  }
}
