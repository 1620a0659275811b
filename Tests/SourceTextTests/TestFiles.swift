import Foundation
import SourceText
import TestSupport

/// Files beside the checkout that tests read if they are there.
enum TestFiles {
  /// The paths, relative to the shared folder, of files below a folder for which `isWanted` holds; sorted.
  static func paths(below folder: String, where isWanted: (String) -> Bool) -> [String] {
    guard let names = FileManager.default.enumerator(atPath: Checkout.shared + folder) else {
      return []
    }
    return names.compactMap { $0 as? String }.filter(isWanted).sorted().map { folder + "/" + $0 }
  }

  static func isPresent(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: Checkout.shared + folder)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: Checkout.shared + path)))
  }
}

func yaml(_ text: String) -> SourceTree {
  YAMLReader.read(path: "test.yml", raw: Array(text.utf8))
}

func json(_ text: String) -> SourceTree {
  JSONReader.read(path: "test.json", raw: Array(text.utf8))
}
