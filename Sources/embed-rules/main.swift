// Writes the documents under rules/ into one Swift file, so that the binary needs no files beside it.
// Arguments: the rules folder, the file to write, then every document.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

func contents(of path: String) -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else {
    fatalError("cannot read the rule document \(path)")
  }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

func literal(_ text: String) -> String {
  "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
}

let arguments = CommandLine.arguments
let root = arguments[1].hasSuffix("/") ? arguments[1] : arguments[1] + "/"
let entries = arguments.dropFirst(3).map { path in
  let relative = String(path.dropFirst(root.count))
  let text = String(decoding: contents(of: path), as: UTF8.self)
  return "    (\(literal(relative)), \(literal(text))),"
}
let source = """
  enum EmbeddedDocuments {
    static let all: [(path: StaticString, text: StaticString)] = [
  \(entries.joined(separator: "\n"))
    ]
  }

  """
guard let output = unsafe fopen(arguments[2], "wb") else {
  fatalError("cannot write \(arguments[2])")
}
unsafe fputs(source, output)
unsafe fclose(output)
