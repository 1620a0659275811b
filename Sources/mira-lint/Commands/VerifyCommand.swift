#if Certificates
  import ArgumentParser
  import Findings
  import MiraLint
  import Reports

  struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Say whether one certificate holds: valid, invalid, or unknown.",
      discussion: """
        Recomputes its hash, compares the output's bytes, and counts the signatures of validators that the trust file \
        knows. Nothing is fetched from anywhere.

        Exit status: 0 valid, 1 invalid, 3 unknown (something is missing), 2 when there was nothing to verify.
        """)

    @Argument(help: "The certificate's file; `-` reads standard input.", completion: .file())
    var certificate: String

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("The output that it should bind, byte for byte.", valueName: "file"),
      completion: .file())
    var output: String?

    @Option(
      help: ArgumentHelp("Likewise, as text; without a line break at its end.", valueName: "text"))
    var outputText: String?

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Option(name: .shortAndLong, help: "How the answer is written.")
    var format: Format = .text

    @Option(help: "Whether to colour the text: auto, always or never.")
    var color: ColorChoice = .auto

    @OptionGroup(title: "Rule options")
    var ruleOptions: RuleOptions

    func validate() throws {
      if output != nil, outputText != nil {
        throw ValidationError("--output and --output-text exclude each other")
      }
    }

    func run() async throws {
      let settings = try ruleOptions.settings(in: FileSystem.workingDirectory).settings
      let given: CertificateVerifier.Output? =
        output.map { .file($0) } ?? outputText.map { .text($0) }
      let answer = try CertificateVerifier(settings).verify(certificate, output: given)
      switch format {
      case .json: StandardStreams.print(CertificateAnswerJSON.text(answer))
      case .text:
        let terminal = Terminal()
        StandardStreams.print(
          CertificateAnswerText.text(
            answer, width: terminal.width(on: StandardStreams.output),
            usesColor: terminal.usesColor(color, on: StandardStreams.output)))
      }
      switch answer.verdict {
      case .valid: break
      case .invalid: throw ExitStatus.found
      case .unknown: throw ExitStatus.unknown
      }
    }
  }
#endif
