/// Reads YAML into a tree that keeps every place, comment and style.
///
/// Scalars stay text, so that `on:` and `1.0` are what the author wrote. Lines end with LF, CRLF or CR as in
/// YAML 1.2. The reader recovers: a damaged region gives one problem and the rest of the file its tree.
public enum YAMLReader {
  /// Reads all documents of a file; what is damaged becomes a problem and the rest is still read.
  public static func read(_ file: SourceFile) -> SourceTree {
    var parser = YAMLParser(file)
    return parser.parse()
  }

  /// Decodes and reads raw bytes of any kind.
  package static func read(path: String, raw: [UInt8]) -> SourceTree {
    let (file, problems) = SourceDecoder.decode(path: path, raw: raw)
    var tree = read(file)
    tree.problems.insert(contentsOf: problems, at: 0)
    return tree
  }
}
