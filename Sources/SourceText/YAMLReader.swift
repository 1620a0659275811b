/// Reads YAML into a tree that keeps every place, comment and style.
public enum YAMLReader {
  /// Reads all documents of a file; what is damaged becomes a problem and the rest is still read.
  public static func read(_ file: SourceFile) -> SourceTree {
    SourceTree(documents: [], comments: [], problems: [])
  }
}
