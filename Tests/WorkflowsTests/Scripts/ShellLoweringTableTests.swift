import Testing

@testable import Workflows

@Suite struct ShellLoweringTableTests {
  /// A script, and the graph it becomes.
  struct Case: Sendable, CustomTestStringConvertible {
    let script: String
    let graph: String
    var testDescription: String { script }
    init(_ script: String, _ graph: String) {
      self.script = script
      self.graph = graph
    }
  }

  @Test(arguments: cases)
  func `a script becomes its graph`(_ item: Case) {
    #expect(LoweredScript(item.script).dump.text == item.graph)
  }

  @Test func `what stands too deep may print anything`() {
    let deep = (0..<80).reduce("$(cat c)") { inner, _ in "$(echo \(inner))" }
    let graph = LoweredScript("[ -n \"\(deep)\" ] && npm publish").dump.text
    #expect(graph.contains("[npm publish"))
  }

  static let cases: [Case] = [
    Case(
      #"""
      while read -r line; do
        make "$line"
      done < lines.txt
      """#,
      #"""
      0 control -> 1
      1 control -> 2
      2 action line:=$lines.txt -> 3
      3 branch ?0(unknown()) -> 0 4, !0 ok
      4 [make 0=$line stdin=$lines.txt] -> 1, failed bad
      """#),
    Case(
      #"""
      if command -v gh > /dev/null; then make a; else make b; fi
      """#,
      #"""
      0 control -> 1
      1 branch ?0(unknown()) -> 0 2, !0 3
      2 [make a 0='a'] -> ok, failed bad
      3 [make b 0='b'] -> ok, failed bad
      """#),
    Case(
      #"""
      mkdir out || make room
      cd out || exit 1
      """#,
      #"""
      0 control -> 1
      1 branch ?0(unknown()) -> !0 2, 0 ok
      2 [make room 0='room'] -> ok, failed bad
      """#),
    Case(
      #"""
      test -n "$(jq -r .cert_hash r.json)"
      """#,
      #"""
      0 control -> 1
      1 branch ?0(not text($r.json.cert_hash, "null") isEmpty) -> 0 ok, !0 bad
      """#),
    Case(
      #"""
      [ -n $CERT ] && gh pr comment 1
      """#,
      #"""
      0 control -> 1
      1 branch ?0($env:CERT isPresent) -> 0 2, !0 bad
      2 [gh pr comment 1 0='pr' 1='comment' 2='1'] -> ok, failed bad
      """#),
    Case(
      #"""
      [ "$(jq -r .state f.json)" = "verified" ] || { echo no; exit 1; }
      """#,
      #"""
      0 control -> 1
      1 branch ?0(text($f.json.state, "null") equal 'verified') -> 0 ok, !0 bad
      """#),
    Case(
      #"""
      CERT=$(jq -er .cert_hash r.json)
      echo "c=$CERT" >> $GITHUB_OUTPUT
      """#,
      #"""
      0 control -> 1
      1 action CERT:=text($r.json.cert_hash, "null") -> 2
      2 branch ?0($r.json.cert_hash isTrue) -> 0 3, !0 bad
      3 action out.outputs.c:=$CERT -> ok
      """#),
    Case(
      #"""
      CERT=$(jq -r '.cert_hash // empty' r.json)
      : "${CERT:?none}"
      npm publish
      """#,
      #"""
      0 control -> 1
      1 action CERT:=text($r.json.cert_hash, "") -> 2
      2 branch ?0(not $CERT isEmpty) -> 0 3, !0 bad
      3 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      case "$STATE" in
        verified|sealed) npm publish ;;
        pend*) exit 1 ;;
        *) echo bad; exit 2 ;;
      esac
      """#,
      #"""
      0 control -> 1
      1 branch ?0(($env:STATE equal 'verified') or ($env:STATE equal 'sealed')) ?1($env:STATE matchesGlob 'pend*') -> 0 2, !0 1 bad, !0 !1 bad
      2 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      curl -f https://x/y -o r.json || true
      gh pr comment 1 -F r.json
      """#,
      #"""
      0 control -> 1
      1 [curl GET 'https://x/y' fails] r.json:=result -> 2, failed 2
      2 [gh pr comment 1 0='pr' 1='comment' 2='1' -F='r.json' -F=$r.json] -> ok, failed bad
      """#),
    Case(
      #"""
      set +e
      curl -f https://x/y -o r.json
      if [ $? -ne 0 ]; then exit 1; fi
      gh pr comment 1 -F r.json
      """#,
      #"""
      0 control -> 1
      1 [curl GET 'https://x/y' fails] r.json:=result ?0(succeeded!) -> 0 2, failed !0 bad
      2 [gh pr comment 1 0='pr' 1='comment' 2='1' -F='r.json' -F=$r.json] -> ok, failed bad
      """#),
    Case(
      #"""
      CODE=$(curl -s -o r.json -w '%{http_code}' https://x/y)
      [ "$CODE" = 200 ] || exit 1
      gh pr comment 1 -F r.json
      """#,
      #"""
      0 control -> 1
      1 [curl GET 'https://x/y'] r.json:=result CODE:=result.http_code -> 2, failed bad
      2 branch ?0($CODE equal '200') -> 0 3, !0 bad
      3 [gh pr comment 1 0='pr' 1='comment' 2='1' -F='r.json' -F=$r.json] -> ok, failed bad
      """#),
    Case(
      #"""
      R=$(curl -s -w '\n%{http_code}' https://x/y)
      CODE=$(tail -n1 <<< "$R")
      BODY=$(sed '$d' <<< "$R")
      if [[ $CODE -eq 200 ]]; then gh pr comment --body "$BODY"; fi
      """#,
      #"""
      0 control -> 1
      1 [curl GET 'https://x/y'] stdout#1:=result.http_code stdout#2:=result R:=`$stdout#2+'⏎'+$stdout#1` CODE:=$stdout#1 BODY:=$stdout#2 -> 2, failed bad
      2 branch ?0($CODE equal '200') -> 0 3, !0 ok
      3 [gh pr comment 0='pr' 1='comment' --body=$BODY] -> ok, failed bad
      """#),
    Case(
      #"""
      cat > q.json <<EOF
      {"prompt": "$P", "verify": true}
      EOF
      curl -X POST --data @q.json "${URL:-https://x/y}" > r.json
      """#,
      #"""
      0 control -> 1
      1 action q.json:=`'{"prompt": "'+$env:P+'", "verify": true}⏎'` -> 2
      2 [curl POST ($env:URL || 'https://x/y') {prompt: $env:P, verify: 'true'}] r.json:=result -> ok, failed bad
      """#),
    Case(
      #"""
      BODY=$(jq -n --arg p "$P" '{prompt: $p, verify: true}')
      curl --retry 3 -d "$BODY" https://x/y | tee r.json | jq -e '.cert_hash != null'
      """#,
      #"""
      0 control -> 1
      1 action BODY:={prompt: $env:P, verify: 'true'} -> 2
      2 [curl POST 'https://x/y' {prompt: $env:P, verify: 'true'}] retry(3) stdout#1:=result -> 3, failed 3
      3 action r.json:=$stdout#1 -> 4
      4 branch ?0(not $stdout#1.cert_hash isNull) -> 0 ok, !0 bad
      """#),
    Case(
      #"""
      {
        echo 'a<<EOF'
        cat r.json
        echo EOF
        echo "b=${{ steps.x.outputs.y }}"
      } >> "$GITHUB_OUTPUT"
      echo "::set-output name=k::$V"
      printf 'm=%s\n' "$V" | tee -a $GITHUB_ENV
      echo "$V" >> $GITHUB_STEP_SUMMARY
      """#,
      #"""
      0 control -> 1
      1 action out.outputs.a:=$r.json out.outputs.b:=$steps.x.outputs.y out.outputs.k:=$env:V env:m:=$env:V -> 2
      2 [GITHUB_STEP_SUMMARY 0=$env:V] -> ok
      """#),
    Case(
      #"""
      until jq -e .cert_hash r.json; do
        sleep 5
        curl -s https://x/y -o r.json
      done
      npm publish
      """#,
      #"""
      0 control -> 1
      1 branch ?0($r.json.cert_hash isTrue) -> !0 2, 0 4
      2 delay -> 3
      3 [curl GET 'https://x/y'] r.json:=result -> 1, failed bad
      4 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      while true; do
        curl -s https://x/y -o r.json
        grep -q '"status": *"ok"' r.json && break
        n=$((n+1))
        if [ $n -ge 20 ]; then exit 1; fi
        sleep 5
      done
      npm publish
      """#,
      #"""
      0 control -> 1
      1 control -> 2
      2 [curl GET 'https://x/y'] r.json:=result -> 3, failed bad
      3 branch ?0(text($r.json.status, "") equal 'ok') -> !0 4, 0 7
      4 action n:=arithmetic<`$n+'1'`> -> 5
      5 branch ?0($n greaterOrEqual '20') -> !0 6, timeout 0 bad
      6 delay -> 1
      7 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      timeout 60 bash -c 'until curl -f https://x/y; do sleep 1; done'
      npm publish
      """#,
      #"""
      0 control -> 1
      1 control -> 2, timeout bad
      2 [curl GET 'https://x/y' fails] ?0(succeeded!) -> failed !0 3, 0 4
      3 delay -> 1
      4 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      check() {
        local c=$(jq -r .cert_hash "$1")
        [[ -n $c && $c != null ]]
      }
      if check r.json; then npm publish; fi
      """#,
      #"""
      0 control -> 1
      1 action c:=text($r.json.cert_hash, "null") -> 2
      2 branch ?0((not $c isEmpty) and (not $c equal 'null')) -> 0 3, !0 ok
      3 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      jq -e 'all(.claims[]; .verdict == "TRUE") and (.claims | length > 0)' r.json
      npm publish
      """#,
      #"""
      0 control -> 1
      1 branch ?0((every $r.json.claims: $r.json.claims[@].verdict equal 'TRUE') and (#$r.json.claims greater '0')) -> 0 2, !0 bad
      2 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      jq -r '.choices[0].message.content' r.json | sed 's/a/b/' | xargs -I{} gh pr comment 1 --body {}
      """#,
      #"""
      0 control -> 1
      1 [gh pr comment 1 0='pr' 1='comment' 2='1' --body=sed<text($r.json.choices[0].message.content, "null")>] -> ok, failed bad
      """#),
    Case(
      #"""
      python - <<EOF
      import requests
      requests.post("https://x/y", data="$V")
      EOF
      """#,
      #"""
      0 control -> 1
      1 [requests.post POST 'https://x/y' $env:V] program#1/js:#1:={body: result, text: result, content: result, status_code: result.statusCode, status: result.statusCode, ok: result.ok, headers: result.headers} -> ok, failed bad
      """#),
    Case(
      #"""
      echo "$R" | grep -q verified && npm publish
      """#,
      #"""
      0 control -> 1
      1 branch ?0($env:R contains 'verified') -> 0 2, !0 bad
      2 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      if ! CERT=$(jq -er .c r.json) || [ -z "$CERT" ]; then exit 1; fi
      npm publish
      """#,
      #"""
      0 control -> 1
      1 action CERT:=text($r.json.c, "null") -> 2
      2 branch ?0((not $r.json.c isTrue) or ($CERT isEmpty)) -> !0 3, 0 bad
      3 [npm publish 0='publish'] -> ok, failed bad
      """#),
    Case(
      #"""
      (( $(jq .claims r.json | wc -l) > 2 )) || exit 1
      """#,
      #"""
      0 control -> 1
      1 branch ?0(#json<$r.json.claims> greater '2') -> 0 ok, !0 bad
      """#),
    Case(
      #"""
      test "x$C" != x -a "$C" != null && npm publish
      """#,
      #"""
      0 control -> 1
      1 branch ?0((not $env:C equal '') and (not $env:C equal 'null')) -> 0 2, !0 bad
      2 [npm publish 0='publish'] -> ok, failed bad
      """#),
  ]
}
