import MiraLint
import Testing

struct FilePathTests {
  @Test(arguments: [
    ("/a/b.yml", "/a/b.yml"), ("/a/.github/b", "/a/.github/b"), ("/a/..b/c.", "/a/..b/c."),
    ("/a/.../b", "/a/.../b"), ("/a//b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"),
    ("/a/b/..", "/a"), ("/a/", "/a"), ("/", "/"), ("/..", "/"), ("b", "/base/b"),
    ("./b/../c", "/base/c"), ("../c", "/c"), ("", "/base"),
  ])
  func `a path becomes absolute, without empty parts and dots`(path: String, absolute: String) {
    #expect(FilePath.absolute(path, from: "/base") == absolute)
  }

  @Test(arguments: [
    ("/a/b", "/a", "b"), ("/a/b", "/", "a/b"), ("/a", "/a", ""), ("/ab/c", "/a", nil),
    ("/a", "/a/b", nil), ("/", "/", ""),
  ])
  func `a path is seen from a directory that holds it`(
    path: String, directory: String, relative: String?
  ) {
    #expect(FilePath.relative(path, to: directory) == relative)
  }
}
