extension FactKind {
  static let certificate = FactKind(
    "certificate", "A certificate as a whole.",
    [
      Fact("hash", "The hash that it states of itself."),
      Fact("recomputed", "The hash of its own canonical bytes."),
      Fact("hash_matches", "Whether the two are equal."),
      Fact(
        "canonical",
        "Whether it has canonical bytes: no duplicate keys, nothing that readers take differently."),
      Fact("canonical_problem", "Why it has none."),
      Fact("output_hash", "The hash of the output that it binds."),
      Fact("output_given", "Whether the output's bytes were there to be hashed."),
      Fact("output_recomputed", "The hash of those bytes."),
      Fact("output_matches", "Whether they hash to what it binds."),
      Fact("output_difference", "What explains that they do not: `it ends in a line break …`."),
      Fact("signatures", "How many signatures it carries."),
      Fact("valid_signatures", "How many of them are valid and count."),
      Fact("weight", "The share of the set's weight behind the valid signatures, from 0 to 1."),
      Fact("overstated", "Whether it claims more than that, by more than a rounded place."),
      Fact("quorum_met", "Whether that reaches the threshold."),
      Fact("quorum_reached", "When it did, by the signatures' own times."),
      Fact("trusted", "Whether a trust file was given."),
      Fact("claimed_weight", "The share that it claims."),
      Fact("threshold", "The share that is needed."),
      Fact("claimed_threshold", "The share that it says is needed."),
      Fact("validator_set", "The set of validators that it names."),
      Fact("epoch", "The epoch that it names."),
      Fact("known_set", "Whether the trust file has that set for that epoch."),
      Fact("families", "How many model families are behind the valid signatures."),
      Fact("operators", "How many operators are behind the valid signatures."),
      Fact("heaviest_family", "The family with the most weight behind the valid signatures."),
      Fact("family_share", "Its share of the valid weight."),
      Fact("heaviest_operator", "The operator with the most weight behind the valid signatures."),
      Fact("operator_share", "Its share of the valid weight."),
      Fact("required_families", "How many families the policy asks for."),
      Fact("required_operators", "How many operators the policy asks for."),
      Fact("most_of_one_family", "The largest share of the valid weight that one family may have."),
      Fact("issued", "When it was issued."),
      Fact("round_opened", "When its round was opened."),
      Fact("round_closed", "When its round was closed."),
      Fact("last_signature", "When the last of its signatures was made, as they say."),
      Fact("round_seconds", "How long its round took: from its opening to the certificate."),
      Fact("claimed_round_seconds", "How long it says that its round took."),
      Fact(
        "round_fits",
        "Whether there was time for the round that it claims, as finely as its times tell."),
      Fact("round_long_enough", "Whether that was as long as the policy asks for at least."),
      Fact("least_round_seconds", "How long a round takes at least, by the policy."),
      Fact("model", "The model whose output it certifies."),
      Fact("model_version", "The version of that model."),
      Fact("deployed_model_version", "The version that the trust file says is deployed."),
      Fact("model_age", "`same`, `older`, `newer` or `other` than the deployed version."),
      Fact("deployed_epoch", "The epoch that the trust file says is current."),
      Fact("epoch_age", "`same`, `older`, `newer` or `other` than the current epoch."),
      Fact("verdict", "`valid`, `invalid` or `unknown`: hash, output and quorum together."),
    ])

  static let signature = FactKind(
    "signature", "One signature of a certificate.",
    [
      Fact("number", "Which one it is, from 1."),
      Fact("validator", "Who signed, as the signature says."),
      Fact("scheme", "The signature scheme."),
      Fact(
        "status",
        "`valid`, `invalid` (it does not verify), `malformed`, `unsupported`, `unknown-validator`, `expired`, `duplicate` or `revoked`."
      ),
      Fact("why", "More of that in words."),
      Fact("weight", "The share of the set's weight that the trust file gives the validator."),
      Fact("claimed_weight", "The weight that the signature claims."),
      Fact("family", "The validator's model family, as the trust file says."),
      Fact("operator", "Who runs the validator, as the trust file says."),
      Fact("signed", "When it was made, by its own time or else the certificate's."),
      Fact("revoked", "Since when the key is revoked."),
      Fact(
        "revocation",
        "`before` where it was made before the key was revoked, `after`, or `undated`; absent where the key is not revoked."
      ),
      Fact("epoch", "The epoch of the certificate."),
    ])

  static let evidence = FactKind(
    "evidence", "What one claim of the output was judged by.",
    [
      Fact("number", "Which claim it is, from 1."),
      Fact("claim", "The claim's own name."),
      Fact("hash", "The hash of the evidence."),
      Fact("given", "Whether the evidence was there to be hashed."),
      Fact("source", "Where it stands: in the certificate, or the file's name."),
      Fact("recomputed", "The hash of its bytes."),
      Fact("matches", "Whether the two are equal."),
      Fact("difference", "What explains that they are not."),
    ])
}
