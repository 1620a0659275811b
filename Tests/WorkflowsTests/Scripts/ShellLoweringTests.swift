import Testing

@testable import Workflows

@Suite struct ShellLoweringTests {
  @Test func `a call, its answer and the command that uses it are steps`() {
    let script = """
      curl -o r.json https://x/y || exit 1
      if jq -e .cert_hash r.json >/dev/null; then
        gh release create v1 -F r.json
      else
        exit 1
      fi
      """
    #expect(
      LoweredScript(script).dump.text == """
        0 control -> 1
        1 [curl GET 'https://x/y'] r.json:=result ?0(succeeded!) -> 0 2, failed !0 bad
        2 branch ?0($r.json.cert_hash isTrue) -> 0 3, !0 bad
        3 [gh release create v1 0='release' 1='create' 2='v1' -F='r.json' -F=$r.json] -> ok, failed bad
        """)
  }

  @Test func `what is read without a name is kept`() {
    let script = """
      a=$(curl https://x/y)
      read <<< "$a b"
      gh issue comment 1 --body "$REPLY"
      """
    #expect(LoweredScript(script).dump.text.contains("--body=$REPLY"))
  }
}
