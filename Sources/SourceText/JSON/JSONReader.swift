/// Reads JSON into the same tree as YAML.
///
/// Comments and trailing commas are taken silently; other habits of JSON5 and of templates are read with
/// a warning, the first of each kind. Numbers stay text. Several roots become several documents.
public enum JSONReader {
  /// Reads a file; what is damaged becomes a problem and the rest is still read.
  public static func read(_ file: SourceFile) -> SourceTree {
    var parser = JSONParser(file)
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
