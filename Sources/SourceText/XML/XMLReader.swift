/// Reads XML into the tree that YAML and JSON are read into; see ``XMLElement`` for how an element looks in it.
///
/// Namespaces are resolved. Document types are not read, and no entity but the predefined ones is expanded.
public enum XMLReader {
  /// Reads a file; what is damaged becomes a problem and the rest is still read.
  public static func read(_ file: SourceFile) -> SourceTree {
    read(file, omitting: [])
  }

  /// Likewise, without the elements of some namespaces and what is inside them.
  package static func read(_ file: SourceFile, omitting namespaces: Set<String>) -> SourceTree {
    var builder = XMLTreeBuilder(file, omitting: namespaces)
    return builder.build()
  }

  /// Decodes and reads raw bytes of any kind.
  package static func read(path: String, raw: [UInt8]) -> SourceTree {
    let (file, problems) = SourceDecoder.decode(path: path, raw: raw)
    var tree = read(file)
    tree.problems.insert(contentsOf: problems, at: 0)
    return tree
  }
}
