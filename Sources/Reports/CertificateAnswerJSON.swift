package import Findings

/// The answer about one certificate for programs.
package enum CertificateAnswerJSON {
  package static func text(_ answer: CertificateAnswer) -> String {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member("version", 1)
      writer.member("verdict", answer.verdict.rawValue)
      writer.member("certificate", answer.name)
      writer.member("path", answer.path)
      for (name, findings) in [
        ("reasons", answer.reasons), ("missing", answer.missing), ("remarks", answer.remarks),
      ] {
        writer.array(name, findings) { writer, finding in
          writer.object {
            $0.member("rule", finding.rule)
            $0.member("cause", finding.cause)
            $0.member("message", finding.message)
            $0.member("line", finding.location.line)
            $0.member("column", finding.location.column)
            $0.member("remedy", finding.remedy)
          }
        }
      }
      writer.object("facts") { writer in
        for (name, value) in answer.facts.sorted(by: { $0.key < $1.key }) {
          switch value {
          case .text(let text): writer.member(name, text)
          case .number(let number): writer.member(name, number)
          case .flag(let flag): writer.member(name, flag)
          }
        }
      }
      if let quorum = answer.quorum {
        writer.object("quorum") { writer in
          writer.member("set", quorum.set)
          writer.member("weight", quorum.weight)
          writer.member("threshold", quorum.threshold)
          writer.array("validators", quorum.validators) { writer, validator in
            writer.object {
              $0.member("id", validator.id)
              $0.member("weight", validator.weight)
              $0.member("family", validator.family)
              $0.member("operator", validator.operatorName)
              $0.member("status", validator.status)
              $0.member("counts", validator.counts)
            }
          }
        }
      }
    }
    writer.endLine()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
