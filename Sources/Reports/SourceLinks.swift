/// Where a reader can see the files that findings speak of.
package struct SourceLinks: Sendable {
  private var prefix: String
  private var rangeSeparator: String

  /// - Parameters:
  ///   - prefix: the address of the repository's root at the commit that was checked, ending in `/`.
  ///   - rangeSeparator: what stands between the first and the last line in a link's fragment.
  package init(prefix: String, rangeSeparator: String) {
    self.prefix = prefix
    self.rangeSeparator = rangeSeparator
  }

  /// What a continuous integration service tells of itself in its environment; `nil` where none does.
  package init?(environment: (String) -> String?) {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let server = value("GITHUB_SERVER_URL"), let repository = value("GITHUB_REPOSITORY"),
      let commit = value("GITHUB_SHA")
    {
      self.init(prefix: "\(server)/\(repository)/blob/\(commit)/", rangeSeparator: "-L")
    } else if let project = value("CI_PROJECT_URL"), let commit = value("CI_COMMIT_SHA") {
      self.init(prefix: "\(project)/-/blob/\(commit)/", rangeSeparator: "-")
    } else {
      return nil
    }
    guard prefix.hasPrefix("https://") || prefix.hasPrefix("http://") else { return nil }
  }

  /// The address of lines of a file.
  ///
  /// - Parameters:
  ///   - path: from the repository's root.
  ///   - lines: from 1.
  /// - Returns: an absolute address.
  func address(_ path: String, lines: ClosedRange<Int>) -> String {
    let end = lines.count > 1 ? rangeSeparator + "\(lines.upperBound)" : ""
    return prefix + SARIFReport.uri(path) + "#L\(lines.lowerBound)\(end)"
  }
}
