#if Certificates
  import Certificates
  import SourceText

  /// Gives the bytes of files that a certificate names: only of such as lie in the same tree.
  struct BesideFiles: Sendable {
    /// The folder that names start from.
    let folder: String
    /// The folder that no name may lead out of.
    let root: String

    /// More than this is hashed as it is read.
    static let kept = 4 << 20

    func load(_ name: String) -> NamedBytes {
      if name.hasPrefix("/") || name.split(separator: "/").contains("..") {
        return .refused("the name `\(name)` leads out of the certificate's folder")
      }
      let path = FilePath.join(folder, name)
      guard let kind = FileSystem.kind(of: path), let real = FileSystem.absolutePath(path),
        let realRoot = FileSystem.absolutePath(root)
      else { return .refused("the file `\(name)` is not there") }
      guard kind == .file else { return .refused("`\(name)` is no file") }
      guard real.hasPrefix(realRoot == "/" ? "/" : realRoot + "/") else {
        return .refused("the file `\(name)` is a link that leads out of the tree")
      }
      return Self.bytes(at: real, named: name)
    }

    /// A file's bytes, or a way to hash them where they are many.
    static func bytes(at path: String, named name: String) -> NamedBytes {
      do throws(FileSystem.Failure) {
        let bytes = try FileSystem.read(path, upTo: kept + 1)
        if bytes.count <= kept { return .bytes(bytes) }
      } catch {
        return .refused("the file `\(name)` cannot be read: \(error.words)")
      }
      return .stream { algorithm in
        var stream = DigestStream(algorithm)
        var offset = 0
        while true {
          guard let part = try? FileSystem.read(path, from: offset, upTo: 1 << 20) else {
            return nil
          }
          if part.isEmpty { return stream.digest }
          stream.update(part)
          offset += part.count
        }
      }
    }
  }
#endif
