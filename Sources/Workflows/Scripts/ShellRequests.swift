import Expressions
import SourceText

/// `curl` and `wget`: requests over HTTP.
extension ShellLowerer {
  /// What the options of a request say.
  private struct Request {
    var method: String?
    var url: ShellArgument?
    var body: [Value] = []
    var bodyMethod = "POST"
    var outputs: [ShellArgument] = []
    var namesOutputByURL = false
    var format: Value?
    var failsOnErrorStatus = false
    var sendsBodyAsQuery = false
    var attempts: ShellArgument?
    var retriesAllErrors = false
    var arguments: [Call.Argument] = []
  }

  mutating func runCurl(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var request = Request()
    var place = 0
    var index = 1
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard !argument.isPositional else {
        // An unquoted `$OPTIONS` may hold anything; a URL is what looks like one, else the first word.
        if request.url == nil { request.url = argument }
        request.arguments.append(
          Call.Argument(String(place), argument.value, at: location(argument.range)))
        place += 1
        continue
      }
      let leading = argument.value.leadingText
      if leading.hasPrefix("--") {
        var option = leading
        var value: ShellArgument?
        if let equals = leading.firstIndex(of: "=") {
          option = String(leading[..<equals])
          let rest = argument.value.droppingLeading(option.utf8.count + 1)
          value = ShellArgument(word: argument.word, value: rest, text: rest.knownText)
        } else if Self.longOptions.contains(option), index < arguments.count {
          value = arguments[index]
          index += 1
        }
        take(option, value, into: &request, at: argument.range)
        continue
      }
      // Short options may stand together: `-sSfo file`, `-XPOST`.
      var letters = Array(leading.dropFirst())[...]
      while let letter = letters.popFirst() {
        let option = "-" + String(letter)
        guard letter.asciiValue.map(Self.shortOptions.contains) == true else {
          take(option, nil, into: &request, at: argument.range)
          continue
        }
        let used = leading.utf8.count - String(letters).utf8.count
        let rest = argument.value.droppingLeading(used)
        var value: ShellArgument?
        if rest != .literal("") {
          value = ShellArgument(word: argument.word, value: rest, text: rest.knownText)
        } else if index < arguments.count {
          value = arguments[index]
          index += 1
        }
        take(option, value, into: &request, at: argument.range)
        break
      }
    }
    return run(request, name: "curl", prefix, at: range)
  }

  private static let shortOptions = Array("XdHouAeFTwmbcxErCKYyzDQPtU".utf8)
  private static let longOptions: Set<String> = [
    "--request", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii",
    "--json", "--header", "--output", "--user", "--user-agent", "--referer", "--form",
    "--form-string", "--upload-file", "--write-out", "--max-time", "--connect-timeout", "--retry",
    "--retry-delay", "--retry-max-time", "--cookie", "--cookie-jar", "--proxy", "--cert", "--key",
    "--cacert", "--url", "--range", "--config", "--dump-header", "--oauth2-bearer", "--resolve",
    "--output-dir", "--limit-rate", "--interface", "--max-redirs", "--max-filesize", "--stderr",
    "--trace", "--trace-ascii", "--unix-socket", "--ciphers", "--tls-max", "--capath",
    "--aws-sigv4",
    "--url-query", "--variable", "--rate", "--speed-limit", "--speed-time",
  ]

  private mutating func take(
    _ option: String, _ value: ShellArgument?, into request: inout Request, at range: ByteRange
  ) {
    switch option {
    case "-X", "--request": request.method = value?.value.knownText?.uppercased()
    case "-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode",
      "--json":
      if let value { request.body.append(body(value, raw: option == "--data-raw")) }
    case "-F", "--form", "--form-string":
      if let value { request.body.append(form(value)) }
    case "-T", "--upload-file":
      request.bodyMethod = "PUT"
      if let value, let held = fileValue(of: value) { request.body.append(held) }
    case "-o", "--output", "--output-document",
      "-O" where value != nil:
      if let value { request.outputs.append(value) }
    case "-O", "--remote-name": request.namesOutputByURL = true
    case "-w", "--write-out": request.format = value?.value
    case "-f", "--fail", "--fail-with-body": request.failsOnErrorStatus = true
    case "-G", "--get": request.sendsBodyAsQuery = true
    case "-I", "--head": request.method = "HEAD"
    case "--url": request.url = value
    case "--retry", "--tries", "-t": request.attempts = value
    case "--retry-all-errors": request.retriesAllErrors = true
    default: break
    }
    let place = location(value?.range ?? range)
    request.arguments.append(
      Call.Argument(option, value?.value ?? .literal("true"), at: place))
    guard let value, option != "-o", option != "--output", option != "-w" else { return }
    let leading = value.value.leadingText
    if leading.hasPrefix("@"), case let held = body(value, raw: option == "--data-raw"),
      held != value.value
    {
      request.arguments.append(Call.Argument(option, held, at: place))
    }
  }

  /// What `-d` sends: `@file` is what the file holds.
  private func body(_ argument: ShellArgument, raw: Bool) -> Value {
    guard !raw, argument.value.leadingText.hasPrefix("@") else { return argument.value }
    return fileValue(of: name(in: argument, after: 1)) ?? .unknown(argument.value.references)
  }

  /// `-F name=value`, `-F name=@file`.
  private func form(_ argument: ShellArgument) -> Value {
    let leading = argument.value.leadingText
    guard let equals = leading.firstIndex(of: "=") else { return argument.value }
    let name = String(leading[..<equals])
    let rest = argument.value.droppingLeading(name.utf8.count + 1)
    let isFile = rest.leadingText.hasPrefix("@") || rest.leadingText.hasPrefix("<")
    let held =
      isFile ? fileValue(of: self.name(in: argument, after: name.utf8.count + 2)) : rest
    return .record([Value.Field(name, held ?? .unknown(rest.references))])
  }

  /// The file name that a word holds behind its first bytes.
  private func name(in argument: ShellArgument, after count: Int) -> ShellArgument {
    let value = argument.value.droppingLeading(count)
    if let text = value.knownText {
      return ShellArgument(
        word: ShellWord(parts: [.literal(text, quoted: true)], range: argument.range),
        value: value, text: text)
    }
    var parts = argument.word.parts
    if case .literal(let text, let quoted)? = parts.first {
      parts[0] = .literal(
        String(decoding: text.utf8.dropFirst(count), as: UTF8.self), quoted: quoted)
    }
    return ShellArgument(
      word: ShellWord(parts: parts, range: argument.range), value: value, text: nil)
  }

  mutating func runWget(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var request = Request()
    request.failsOnErrorStatus = true
    request.namesOutputByURL = true
    var index = 1
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard !argument.isPositional else {
        if request.url == nil { request.url = argument }
        request.arguments.append(Call.Argument("0", argument.value, at: location(argument.range)))
        continue
      }
      var option = argument.value.leadingText
      var value: ShellArgument?
      if option.hasPrefix("--"), let equals = option.firstIndex(of: "=") {
        let rest = argument.value.droppingLeading(option[...equals].utf8.count)
        option = String(option[..<equals])
        value = ShellArgument(word: argument.word, value: rest, text: rest.knownText)
      } else if !option.hasPrefix("--"), let at = option.firstIndex(of: "O") {
        // `-qO-`, `-O file`
        let rest = argument.value.droppingLeading(option[...at].utf8.count)
        option = "-o"
        if rest != .literal("") {
          value = ShellArgument(word: argument.word, value: rest, text: rest.knownText)
        } else if index < arguments.count {
          value = arguments[index]
          index += 1
        }
        if let text = value?.text, text == "-" {
          request.namesOutputByURL = false
          continue
        }
      } else if ["-P", "-U", "-t", "-T"].contains(option), index < arguments.count {
        value = arguments[index]
        index += 1
      }
      switch option {
      case "--post-data", "--body-data": option = "--data-raw"
      case "--post-file", "--body-file":
        if let value, let held = fileValue(of: value) { request.body.append(held) }
      case "--method": option = "--request"
      case "-o": request.namesOutputByURL = false
      default: break
      }
      if option == "--output-document" {
        request.namesOutputByURL = false
        if value?.text == "-" { continue }
      }
      take(option, value, into: &request, at: argument.range)
    }
    return run(request, name: "wget", prefix, at: range)
  }

  /// HTTPie and its kin: `http POST url field=text header:value`.
  mutating func runHttpie(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var request = Request()
    var fields: [Value.Field] = []
    var place = 0
    var index = 1
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      let leading = argument.value.leadingText
      guard argument.isPositional else {
        switch leading {
        case "--check-status": request.failsOnErrorStatus = true
        case "-o", "--output", "-A", "--auth-type", "-a", "--auth", "--session", "--timeout",
          "-s", "--style", "-p", "--print", "--pretty":
          guard index < arguments.count else { break }
          take(leading == "-o" ? "--output" : leading, arguments[index], into: &request, at: range)
          index += 1
        default: break
        }
        continue
      }
      if request.url == nil, request.method == nil, let text = argument.text, !text.isEmpty,
        text.utf8.allSatisfy({ (0x41...0x5A).contains($0) })
      {
        request.method = text
      } else if request.url == nil {
        request.url = argument
        request.arguments.append(
          Call.Argument("0", argument.value, at: location(argument.range)))
      } else if let field = item(argument) {
        fields.append(field)
        request.arguments.append(
          Call.Argument(field.name, field.value, at: location(argument.range)))
      } else {
        place += 1
        request.arguments.append(
          Call.Argument(String(place), argument.value, at: location(argument.range)))
      }
    }
    if !fields.isEmpty {
      request.body = [.record(fields)]
    } else if let input, input != .literal("") {
      request.body = [input]
    }
    return run(request, name: "http", prefix, at: range)
  }

  /// `name=text`, `name:=json`, `name=@file`.
  private func item(_ argument: ShellArgument) -> Value.Field? {
    let leading = argument.value.leadingText
    guard let equals = leading.firstIndex(of: "="), equals > leading.startIndex,
      !leading[..<equals].contains("/")
    else { return nil }
    var name = leading[..<equals]
    if name.hasSuffix(":") { name.removeLast() }
    if name.contains(":") { return nil }
    var count = leading[...equals].utf8.count
    let rest = argument.value.droppingLeading(count)
    guard rest.leadingText.hasPrefix("@") else { return Value.Field(String(name), rest) }
    count += 1
    let held = fileValue(of: self.name(in: argument, after: count))
    return Value.Field(String(name), held ?? .unknown(rest.references))
  }

  private mutating func run(
    _ request: Request, name: String, _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var request = request
    for assignment in prefix {
      let value = evaluate(assignment.value)
      request.arguments.append(
        Call.Argument("env." + assignment.name, value, at: location(assignment.range)))
    }
    var call = Call(
      kind: "command", name: name, arguments: request.arguments, location: location(range))
    let body = requestBody(request)
    if let url = request.url {
      let method =
        request.method
        ?? (body == nil || request.sendsBodyAsQuery ? "GET" : request.bodyMethod)
      call.http = Call.HTTPRequest(
        method: method, url: url.value, body: body,
        failsOnErrorStatus: request.failsOnErrorStatus)
    }
    let retry = request.attempts.map { attempts in
      Step.Retry(
        attempts: attempts.text.flatMap(Int.init),
        // What curl calls transient; a timeout has no code.
        on: request.retriesAllErrors ? [] : ["408", "429", "500", "502", "503", "504"],
        location: location(attempts.range))
    }
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    let place = location(range)
    let step = add(.action, call: call, retry: retry, at: range)
    var failure = [LooseEnd(step, .failure)]
    if name == "wget" { failure = [LooseEnd(step, .failure)] }
    let isSaved = writeOutputs(request, of: step, at: range)
    if isOutputKept {
      printResult(request, of: step, isSaved: isSaved, at: place, range)
    }
    return ShellOutcome(success: current, failure: failure)
  }

  /// Assigns the answer to the files it is saved in; whether it is saved at all.
  private mutating func writeOutputs(
    _ request: Request, of step: Int, at range: ByteRange
  ) -> Bool {
    var outputs = request.outputs
    if request.namesOutputByURL, outputs.isEmpty, let url = request.url?.text,
      let slash = url.lastIndex(of: "/")
    {
      let name = String(url[url.index(after: slash)...].prefix { $0 != "?" && $0 != "#" })
      if !name.isEmpty {
        knownFiles.insert(name)
        let assignment = Step.Assignment(file(name), value: .result([]), at: location(range))
        builder.update(step) { $0.assignments.append(assignment) }
      }
      return true
    }
    outputs.removeAll { $0.text == "-" || $0.text == "/dev/stdout" }
    for output in outputs {
      guard let name = fileName(of: output), name != "/dev/null" else { continue }
      knownFiles.insert(name)
      let assignment = Step.Assignment(
        file(name), value: .result([]), at: location(output.range))
      builder.update(step) { $0.assignments.append(assignment) }
    }
    return !outputs.isEmpty || request.namesOutputByURL
  }

  /// What the command prints: the answer, what `-w` asks for, or both.
  private mutating func printResult(
    _ request: Request, of step: Int, isSaved: Bool, at place: SourceLocation, _ range: ByteRange
  ) {
    func held(_ path: [PathComponent], _ lowerer: inout ShellLowerer) -> Value {
      let variable = lowerer.temporary()
      lowerer.builder.update(step) {
        $0.assignments.append(Step.Assignment(variable, value: .result(path), at: place))
      }
      return .reference(Reference(variable, at: place))
    }
    let format = request.format?.knownText ?? ""
    let status: Value?
    if format.holds("%{http_code}") || format.holds("%{response_code}") {
      status = held([.field("http_code")], &self)
    } else {
      status = nil
    }
    switch (isSaved, status) {
    case (true, let status?): emit(status, line: false, at: range)
    case (true, nil): break
    case (false, let status?):
      let body = held([], &self)
      pendingTail = (body, status)
      emit(.template([body, .literal("\n"), status]), line: false, at: range)
    case (false, nil): emit(held([], &self), line: false, at: range)
    }
  }

  private func requestBody(_ request: Request) -> Value? {
    guard let first = request.body.first else { return nil }
    if request.body.count > 1 {
      var fields: [Value.Field] = []
      for part in request.body {
        guard case .record(let own) = part else {
          return .template(Array(request.body.map { [$0] }.joined(separator: [.literal("&")])))
        }
        fields += own
      }
      return .record(fields)
    }
    return structured(first)
  }

  /// The body as a record where its JSON can be seen, also through the variable or file that holds it.
  private func structured(_ value: Value) -> Value {
    let known = resolved(value)
    if case .record = known { return known }
    return JSONTemplate.parse(known) ?? JSONTemplate.parse(value) ?? value
  }

  /// The value with a variable or file that is written once replaced by what was written.
  func resolved(_ value: Value) -> Value {
    guard case .reference(let reference) = value, reference.path.isEmpty,
      let known = definitions[reference.variable]
    else { return value }
    return known
  }
}
