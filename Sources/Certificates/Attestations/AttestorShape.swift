#if Certificates
  package import Rules
  import SourceText

  /// Somebody whose attestations count, as a trust file says it: a key, or an authority with those it may vouch for.
  package struct Attestor: Sendable {
    package var name = ""
    package var key: SigningKey?
    package var keyID: String?
    package var revokedSince: Instant?
    package var authority: X509Certificate?
    package var identities: [String] = []
    package var issuer: String?

    package init() {}
  }

  extension AttestationTrust {
    /// Takes what a trust file says.
    package mutating func add(_ attestors: [Attestor]) {
      for attestor in attestors {
        if let key = attestor.key {
          keys.append(
            Key(
              name: attestor.name, key: key, keyID: attestor.keyID,
              revokedSince: attestor.revokedSince))
        }
        if let authority = attestor.authority { authorities.append(authority) }
        identities += attestor.identities.map {
          Identity(name: $0, issuer: attestor.issuer, revokedSince: attestor.revokedSince)
        }
      }
    }
  }

  extension Shape where Value == Attestor {
    /// An entry of `attestors` in a trust file.
    package static var attestor: Shape {
      Shape.record(
        "an attestor", Attestor(),
        [
          .required("name", { $0.name = $1 }, .text, "Who it is, in findings."),
          .optional("key", { $0.key = $1 }, .signingKey, "The public key as PEM (`PUBLIC KEY`)."),
          .optional(
            "key-id", { $0.keyID = $1 }, .text,
            "How envelopes call the key; without it every key is tried on every signature."),
          .optional(
            "revoked-since", { $0.revokedSince = $1 }, .instant,
            "From when on the key or the identities are no longer trusted: a time as of RFC 3339."),
          .optional(
            "certificate-authority", { $0.authority = $1 }, .certificate,
            "The certificate of an authority of your own, as PEM."),
          .optional(
            "identities", { $0.identities = $1 }, .oneOrMore(of: .text),
            "Who may sign with a certificate: e-mail addresses or URIs, with `*` for any text."),
          .optional(
            "issuer", { $0.issuer = $1 }, .text,
            "The OpenID issuer that must have vouched for them: `https://token.actions.githubusercontent.com`."
          ),
        ]
      ).then { attestor, node, reading in
        if attestor.key == nil, attestor.authority == nil, attestor.identities.isEmpty {
          if !reading.failed {
            reading.report(
              "an attestor needs one of the keys `key`, `certificate-authority`, `identities`",
              at: node.entries.first?.key ?? node)
          }
          return nil
        }
        if attestor.revokedSince != nil, attestor.authority != nil {
          reading.report(
            "`revoked-since` is of a key or of identities, not of an authority",
            hint: "take the authority out: what it vouched for counts no more",
            at: node["revoked-since"] ?? node)
        }
        return attestor
      }
    }
  }

  extension Shape where Value == SigningKey {
    fileprivate static var signingKey: Shape {
      Shape<String>.text.then { text, node, reading in
        do throws(Refusal) {
          return try SigningKey(pem: text)
        } catch {
          reading.report(
            error.words,
            hint: error.hint.isEmpty
              ? "write the whole block, from `-----BEGIN PUBLIC KEY-----` on" : error.hint,
            at: node)
          return nil
        }
      }
    }
  }

  extension Shape where Value == X509Certificate {
    fileprivate static var certificate: Shape {
      Shape<String>.text.then { text, node, reading in
        do throws(Refusal) {
          guard let block = PEMBlock.all(in: text).first, block.label == "CERTIFICATE" else {
            throw Refusal("there is no PEM block `CERTIFICATE`")
          }
          return try X509Certificate(block.bytes)
        } catch {
          reading.report(error.words, at: node)
          return nil
        }
      }
    }
  }

  extension Shape where Value == Instant {
    fileprivate static var instant: Shape {
      Shape<String>.text.then { text, node, reading in
        if let instant = Instant(rfc3339: text) { return instant }
        reading.expected("a time such as `2026-05-01T12:00:00Z`", at: node)
        return nil
      }
    }
  }
#endif
