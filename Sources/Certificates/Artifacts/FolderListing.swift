#if Certificates
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// The plain files below a folder.
  enum FolderListing {
    private static let mostFiles = 10_000

    /// Paths from the folder, ordered; links are listed and not followed.
    static func files(in folder: String) -> [String] {
      var files: [String] = []
      var open = [""]
      while let inside = open.popLast(), files.count < mostFiles {
        let path = inside.isEmpty ? folder : folder + "/" + inside
        // The stream is closed before the next is opened, and each entry is copied.
        guard let stream = unsafe opendir(path) else { continue }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
          let type = unsafe Int32(entry.pointee.d_type)
          let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
            unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { text in
              unsafe String(cString: text)
            }
          }
          if name == "." || name == ".." { continue }
          let full = inside.isEmpty ? name : inside + "/" + name
          if type == Int32(DT_DIR) { open.append(full) } else { files.append(full) }
        }
      }
      return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }
#endif
