#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A directory for generated inputs, removed at the end.
struct ScratchDirectory {
  let path: String

  init?() {
    var template = Array("/tmp/mira-lint-benchmarks.XXXXXX".utf8CString)
    // mkdtemp fills the template in place and returns it.
    guard unsafe mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String) -> String {
    write(to: name) { take in take(Array(text.utf8)) }
  }

  /// Likewise of a file that is given in pieces.
  func write(to name: String, _ pieces: (_ take: ([UInt8]) -> Void) -> Void) -> String {
    let file = path + "/" + name
    guard let stream = unsafe fopen(file, "wb") else { return file }
    pieces { bytes in unsafe _ = fwrite(bytes, 1, bytes.count, stream) }
    unsafe fclose(stream)
    return file
  }

  func remove() {
    for entry in Self.entries(of: path) { unsafe unlink(path + "/" + entry) }
    unsafe rmdir(path)
  }

  static func size(of file: String) -> Int {
    var status = stat()
    return unsafe stat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Every YAML file below a directory.
  static func workflows(below directory: String) -> [String] {
    files(below: directory).filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
  }

  /// Every file below a directory.
  static func files(below directory: String) -> [String] {
    entries(of: directory).sorted().flatMap { name -> [String] in
      let inner = files(below: directory + "/" + name)
      return inner.isEmpty ? [directory + "/" + name] : inner
    }
  }

  /// The directories in a directory.
  static func folders(in directory: String) -> [String] {
    entries(of: directory).sorted().map { directory + "/" + $0 }
      .filter { !entries(of: $0).isEmpty }
  }

  /// Nothing where the path is no directory.
  private static func entries(of directory: String) -> [String] {
    // Each entry is copied before the next is read.
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { text in
          unsafe String(cString: text)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
