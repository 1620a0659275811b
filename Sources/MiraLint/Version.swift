/// The program's version, by semantic versioning.
public enum Version {
  /// As in a release's tag, without a `v`.
  public static let current = "0.1.0"
}
