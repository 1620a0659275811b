import TestSupport
import Testing

@testable import MiraLint

@Suite("What a diff says")
struct DiffReaderTests {
  @Test func `lines by new path, gaps as the lines around them, headers inside hunks as text`() {
    let diff = """
      diff --git a/old name.yml b/new name.yml
      similarity index 90%
      rename from old name.yml
      rename to new name.yml
      --- a/old name.yml\t
      +++ b/new name.yml\t
      @@ -3 +3,2 @@ jobs:
      -one
      +two
      +++ b/not-a-path
      @@ -9,2 +9,0 @@
      -gone
      --- a/gone
      @@ -1,0 +20 @@
      +new
      \\ No newline at end of file
      diff --git a/gone.yml b/gone.yml
      --- a/gone.yml
      +++ /dev/null
      @@ -1 +0,0 @@
      -all
      diff --git "a/\\"q\\"\\t\\303\\244.yml" "b/\\"q\\"\\t\\303\\244.yml"
      --- "a/\\"q\\"\\t\\303\\244.yml"
      +++ "b/\\"q\\"\\t\\303\\244.yml"
      @@ -0,0 +1,3 @@
      +a
      +b
      +c
      """
    let changes = DiffReader.changes(in: Array(diff.utf8))
    #expect(changes["new name.yml"] == [3...4, 9...10, 20...20])
    #expect(changes["\"q\"\tä.yml"] == [1...3])
    #expect(changes.count == 2)
  }

  @Test func `damaged diffs are read without a crash`() {
    let sound = Array("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +3,4 @@\n+a\n".utf8)
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      var damaged = sound
      for _ in 0..<3 {
        damaged[Int.random(in: damaged.indices, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      _ = DiffReader.changes(in: damaged)
    }
    let huge = "+++ b/x\n@@ -1 +9223372036854775807,9223372036854775807 @@\n@@ -1 +-3 @@\n"
    _ = DiffReader.changes(in: Array(huge.utf8))
  }
}
