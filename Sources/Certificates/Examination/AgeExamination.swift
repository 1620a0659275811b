#if Certificates
  import Rules
  import SourceText

  /// The certificate's times, and how old its model and epoch are beside what is deployed.
  struct AgeExamination {
    private let certificate: Certificate
    private let trust: TrustFile?

    init(of certificate: Certificate, trust: TrustFile?) {
      self.certificate = certificate
      self.trust = trust
    }

    func tell(_ facts: inout FactRecord) {
      let times: [(String, CertificateModel.Field)] = [
        ("issued", .issued), ("round_opened", .roundOpened), ("round_closed", .roundClosed),
      ]
      var moments: [String: Moment] = [:]
      for (name, field) in times {
        guard let text = certificate.text(field), let moment = Moment(text) else { continue }
        moments[name] = moment
        facts[name] = .time(moment.nanoseconds, moment.text)
      }
      // A round may end before its certificate is written.
      if let opened = moments["round_opened"],
        let end = moments["round_closed"] ?? moments["issued"]
      {
        let issued = moments["issued"] ?? end
        let last = min(end.nanoseconds, issued.nanoseconds)
        facts["round_seconds"] = .number(Double(last - opened.nanoseconds) / 1e9)
      }
      if let milliseconds = certificate.text(.roundTime).flatMap({ text in
        Double(text.filter { $0 != "," && $0 != "_" && $0 != " " })
      }) {
        facts["claimed_round_seconds"] = .number(milliseconds / 1000)
      }
      tellLengths(&facts, resolution: moments.values.contains { $0.isWhole } ? 1 : 0.001)
      tellAges(&facts)
    }

    /// Whether there was time enough: an issue at `…:02Z` may be almost a second later than it says.
    private func tellLengths(_ facts: inout FactRecord, resolution: Double) {
      let bounds = [
        ("round_fits", "claimed_round_seconds"), ("round_long_enough", "least_round_seconds"),
      ]
      for (name, bound) in bounds {
        guard case .number(let seconds)? = facts["round_seconds"],
          case .number(let least)? = facts[bound]
        else { continue }
        facts[name] = .flag(seconds + resolution > least)
      }
    }

    private func tellAges(_ facts: inout FactRecord) {
      facts["model"] = certificate.text(.model).map { .text($0) }
      facts["model_version"] = certificate.text(.modelVersion).map { .text($0) }
      guard let deployed = trust?.deployed else { return }
      // Another model's certificates are not older ones of this.
      if let model = deployed.model, let own = certificate.text(.model), own != model { return }
      facts["deployed_model_version"] = deployed.modelVersion.map { .text($0) }
      facts["deployed_epoch"] = deployed.epoch.map { .text($0) }
      if let now = deployed.modelVersion, let own = certificate.text(.modelVersion) {
        facts["model_age"] = .text(VersionName(now).age(of: VersionName(own)).rawValue)
      }
      if let now = deployed.epoch, let own = certificate.text(.epoch) {
        facts["epoch_age"] = .text(EpochName(now).age(of: EpochName(own)).rawValue)
      }
    }
  }

  /// A version's name: words and numbers in turns, ordered where the words agree.
  struct VersionName: Equatable {
    private enum Part: Equatable {
      case word(String)
      case number(Int)
    }
    private let parts: [Part]

    init(_ text: String) {
      var parts: [Part] = []
      var rest = Substring(text)
      // `v2` and `2` are one version.
      if rest.first == "v", rest.dropFirst().first?.isNumber == true { rest = rest.dropFirst() }
      while let first = rest.first {
        let isDigit = first.isASCII && first.isNumber
        let run = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
        parts.append(
          isDigit ? Int(run).map { .number($0) } ?? .word(String(run)) : .word(String(run)))
        rest = rest.dropFirst(run.count)
      }
      self.parts = parts
    }

    /// How another version stands to this one; hashes and other families have no order.
    func age(of other: VersionName) -> Age {
      for (own, past) in zip(parts, other.parts) where own != past {
        guard case .number(let now) = own, case .number(let then) = past else { return .other }
        return then < now ? .older : .newer
      }
      if parts.count == other.parts.count { return .same }
      // 2.1 came before 2.1.3.
      let longer = parts.count > other.parts.count ? parts : other.parts
      guard case .word(".") = longer[min(parts.count, other.parts.count)] else { return .other }
      return parts.count > other.parts.count ? .older : .newer
    }
  }
#endif
