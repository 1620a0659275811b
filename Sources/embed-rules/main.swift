// Writes the documents under rules/ and examples of the rules into one Swift file, so that the binary needs no files
// beside it. Arguments: the file to write, the rules folder, every document, `--examples`, the examples' folder, every
// example.
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

/// The elements of an array literal: each file's path below the first one, and its text.
func elements(_ paths: ArraySlice<String>) -> String {
  guard var root = paths.first else { return "" }
  if !root.hasSuffix("/") { root += "/" }
  return paths.dropFirst().map { path in
    let relative = String(path.dropFirst(root.count))
    let text = String(decoding: contents(of: path), as: UTF8.self)
    return "    (\(literal(relative)), \(literal(text))),"
  }.joined(separator: "\n")
}

let arguments = CommandLine.arguments
let border = arguments.firstIndex(of: "--examples") ?? arguments.endIndex
let source = """
  enum EmbeddedDocuments {
    static let all: [(path: StaticString, text: StaticString)] = [
  \(elements(arguments[2..<border]))
    ]
    static let examples: [(path: StaticString, text: StaticString)] = [
  \(elements(arguments[border...].dropFirst()))
    ]
  }

  """
guard let output = unsafe fopen(arguments[1], "wb") else {
  fatalError("cannot write \(arguments[1])")
}
unsafe fputs(source, output)
unsafe fclose(output)
