#if Certificates
  import Findings
  import Rules
  import SourceText

  extension Certificate {
    /// The set of validators that it names, or the only one there is where it names none.
    func set(in trust: TrustFile) -> TrustFile.ValidatorSet? {
      guard let name = text(.validatorSet) else {
        return trust.sets.count == 1 ? trust.sets.first : nil
      }
      return trust.sets.first { $0.id == name }
    }

    /// The share that a text means: `0.66`, `66 %`, `66.0`, or units of a whole.
    static func share(_ node: Node?, of whole: Double?) -> Double? {
      guard var digits = node?.text?.filter({ $0 != " " && $0 != "_" && $0 != "," }) else {
        return nil
      }
      let isPercentage = digits.hasSuffix("%")
      if isPercentage { digits.removeLast() }
      let parts = digits.split(separator: "/", omittingEmptySubsequences: false)
      if parts.count == 2, let over = Double(parts[0]), let under = Double(parts[1]), under > 0 {
        let share = over / under
        return share.isFinite ? share : nil
      }
      guard let number = Double(digits), number.isFinite else { return nil }
      if isPercentage { return number / 100 }
      if number <= 1 { return number }
      if let whole, whole > 100, number <= whole { return number / whole }
      if number <= 100 { return number / 100 }
      return whole.map { number / $0 }
    }
  }

  /// The signatures of a certificate, each by itself, and the weight behind them.
  struct QuorumExamination {
    private let certificate: Certificate
    private let trust: TrustFile?
    private let set: TrustFile.ValidatorSet?
    private let policy: CertificatePolicy
    private(set) var records: [FactRecord] = []
    /// By validator, how its signature ended; validators without one are missing.
    private var outcomes: [String: SignatureExamination.Outcome] = [:]
    private var counted: [(validator: TrustFile.Validator, signed: Moment?)] = []
    /// The validators of whose signatures nobody can tell.
    private var open: [String: TrustFile.Validator] = [:]
    private let wholeWeight: Double

    init(of certificate: Certificate, hash: HashExamination, trust: TrustFile?) {
      self.certificate = certificate
      self.trust = trust
      let set = trust.flatMap { certificate.set(in: $0) }
      self.set = set
      var policy = certificate.model.policy
      if let trust { policy = policy.overridden(by: trust.policy) }
      if let set { policy = policy.overridden(by: set.policy) }
      self.policy = policy
      let examination = SignatureExamination(
        certificate: certificate, hash: hash, set: set,
        unknownReason: Self.reason(certificate, trust, set))
      wholeWeight = (set?.validators ?? []).filter { !examination.isExpired($0) }
        .map(\.weight).reduce(0, +)
      examine(with: examination)
    }

    private mutating func examine(with examination: SignatureExamination) {
      var seen: Set<String> = []
      for (index, signature) in certificate.signatures.enumerated() {
        var (record, outcome) = examination.examine(signature, number: index + 1)
        if outcome.status == .valid, let validator = outcome.validator,
          !seen.insert(validator.id).inserted
        {
          outcome.status = .duplicate
          record["status"] = .text(SignatureExamination.Status.duplicate.rawValue)
          record["why"] = .text("`\(validator.id)` has signed already: one validator is one voice")
        }
        if let validator = outcome.validator {
          if wholeWeight > 0 { record["weight"] = .number(validator.weight / wholeWeight) }
          switch outcome.status {
          case .valid: counted.append((validator, outcome.signed))
          case nil, .unsupported: open[validator.id] = validator
          default: break
          }
          if outcome.status != .duplicate {
            outcomes[validator.id] = outcomes[validator.id] ?? outcome
          }
          if outcome.status == .valid { outcomes[validator.id] = outcome }
        }
        records.append(record)
      }
    }

    /// Why nothing can be said of signatures, if so.
    private static func reason(
      _ certificate: Certificate, _ trust: TrustFile?, _ set: TrustFile.ValidatorSet?
    ) -> String? {
      guard let trust else {
        return "no trust file says whose signatures count: name one with --trust"
      }
      if set != nil { return nil }
      guard let name = certificate.text(.validatorSet) else {
        return "it names no set of validators, and the trust file `\(trust.name)` has several"
      }
      return "the trust file `\(trust.name)` has no set of validators `\(name)`"
    }

    private var weight: Double {
      wholeWeight > 0 ? counted.map(\.validator.weight).reduce(0, +) / wholeWeight : 0
    }

    private var openWeight: Double {
      let counted = Set(counted.map(\.validator.id))
      let weight = open.values.filter { !counted.contains($0.id) }.map(\.weight).reduce(0, +)
      return wholeWeight > 0 ? weight / wholeWeight : 0
    }

    private var threshold: Double {
      max(set?.threshold ?? certificate.threshold, claimedThreshold ?? 0)
    }

    /// Whether a share reaches the threshold.
    private func isEnough(_ share: Double) -> Bool {
      let units = threshold * 1e4
      // What is rounded in the file must not decide: 0.6667 is two thirds. A fraction is exact.
      let isRounded =
        (units - units.rounded()).magnitude < 1e-6
        && (units / 10 - (units / 10).rounded()).magnitude > 1e-6
      return share > 0 && share >= threshold - (isRounded ? 5e-5 : 1e-9)
    }

    private var claimedThreshold: Double? {
      Certificate.share(certificate.value(.threshold), of: set == nil ? nil : wholeWeight)
    }

    func tell(_ facts: inout FactRecord) {
      let reason = Self.reason(certificate, trust, set)
      facts["trusted"] = .flag(trust != nil)
      facts["known_set"] = trust == nil ? nil : .flag(set != nil)
      facts["validator_set"] = certificate.text(.validatorSet).map { .text($0) }
      facts["epoch"] = certificate.text(.epoch).map { .text($0) }
      facts["signatures"] = .number(Double(records.count))
      facts["valid_signatures"] = reason.map { .unknown($0) } ?? .number(Double(counted.count))
      facts["threshold"] = .number(threshold)
      facts["claimed_threshold"] = claimedThreshold.map { .number($0) }
      facts["claimed_weight"] = Certificate.share(
        certificate.value(.weight), of: set == nil ? nil : wholeWeight
      ).map { .number($0) }
      tellWeight(&facts, reason)
      tellDiversity(&facts, reason)
      if case .number(let claimed)? = facts["claimed_weight"] {
        // A share that was rounded to two places is no claim to more.
        facts["overstated"] = reason.map { .unknown($0) } ?? .flag(claimed > weight + 0.005)
      }
      facts["quorum_reached"] = quorumReached.map { .time($0.nanoseconds, $0.text) }
      let times = counted.compactMap(\.signed)
      if let last = times.max(by: { $0.nanoseconds < $1.nanoseconds }) {
        facts["last_signature"] = .time(last.nanoseconds, last.text)
      }
      facts["least_round_seconds"] = policy.leastRoundSeconds.map { .number($0) }
    }

    private func tellWeight(_ facts: inout FactRecord, _ reason: String?) {
      guard reason == nil else {
        facts["weight"] = reason.map { .unknown($0) }
        facts["quorum_met"] = reason.map { .unknown($0) }
        return
      }
      facts["weight"] = .number(weight)
      let isMet = isEnough(weight)
      let open = openWeight
      if !isMet, isEnough(weight + open), open > 0 {
        let words = "of signatures that would decide it, nobody can tell whether they count"
        facts["quorum_met"] = .unknown(words)
      } else {
        facts["quorum_met"] = .flag(isMet)
      }
    }

    private func tellDiversity(_ facts: inout FactRecord, _ reason: String?) {
      facts["required_families"] = policy.families.map { .number($0) }
      facts["required_operators"] = policy.operators.map { .number($0) }
      facts["most_of_one_family"] = policy.mostOfOneFamily.map { .number($0) }
      let groups: [(name: String, required: Double?, of: (TrustFile.Validator) -> String?)] = [
        ("family", policy.families, { $0.family }),
        ("operator", policy.operators, { $0.operatorName }),
      ]
      for (name, required, group) in groups {
        let plural = name == "family" ? "families" : "operators"
        if let reason {
          facts[plural] = .unknown(reason)
          continue
        }
        var weights: [String: Double] = [:]
        var nameless: [String] = []
        for (validator, _) in counted {
          if let value = group(validator) {
            weights[value, default: 0] += validator.weight
          } else {
            nameless.append(validator.id)
          }
        }
        facts[plural] = .number(Double(weights.count))
        if let first = nameless.first, let required, Double(weights.count) < required,
          Double(weights.count + nameless.count) >= required
        {
          facts[plural] = .unknown("the trust file names no \(name) of `\(first)`")
        }
        let whole = counted.map(\.validator.weight).reduce(0, +)
        if let heaviest = weights.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), whole > 0 {
          facts["heaviest_\(name)"] = .text(heaviest.key)
          facts["\(name)_share"] = .number(heaviest.value / whole)
        }
      }
    }

    /// When the signatures' own times say that the threshold was reached; `nil` where one of them says none.
    private var quorumReached: Moment? {
      var sum = 0.0
      let dated = counted.compactMap { entry in entry.signed.map { (entry.validator.weight, $0) } }
      guard dated.count == counted.count, wholeWeight > 0 else { return nil }
      for (weight, moment) in dated.sorted(by: { $0.1.nanoseconds < $1.1.nanoseconds }) {
        sum += weight
        if isEnough(sum / wholeWeight) { return moment }
      }
      return nil
    }

    /// The quorum as reports draw it.
    func picture(for facts: FactRecord) -> QuorumPicture? {
      guard let set, wholeWeight > 0 else { return nil }
      var picture = QuorumPicture(name: certificate.name, set: set.id)
      picture.threshold = threshold
      picture.weight = weight
      if case .number(let claimed)? = facts["claimed_weight"] { picture.claimedWeight = claimed }
      picture.validators = set.validators.map { validator in
        let outcome = outcomes[validator.id]
        return QuorumPicture.Validator(
          id: validator.id, weight: validator.weight / wholeWeight, family: validator.family,
          operatorName: validator.operatorName,
          status: outcome.map { $0.status?.rawValue ?? "unknown" } ?? "not signed",
          counts: outcome?.status == .valid)
      }
      return picture
    }
  }
#endif
