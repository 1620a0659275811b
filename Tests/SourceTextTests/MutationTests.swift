import SourceText
import TestSupport
import Testing

struct MutationTests {
  static let yamlSeeds = [
    """
    # A workflow
    name: "Publish \\u00e9 answer" # why
    on: {push: {branches: [main, 'release/**']}, workflow_dispatch: }
    env: &env
      A: 1
      B: >-
        folded
          more

        text
    jobs:
      answer:
        env:
          <<: *env
          C: !Ref thing
        steps:
        - run: |
            curl -sf "$URL" -o out.json
            echo "cert=$(jq -r .c out.json)" >> $GITHUB_OUTPUT
          id: mira
        -   name: two
            if: ${{ steps.mira.outputs.cert != '' }}
        - ? complex
          : value
        - plain text
          goes on

          here
    ---
    - - a
      - b
    - "quoted
      over lines\\
      end"
    ...
    """
  ]

  static let jsonSeeds = [
    """
    // ASL
    {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
      "Parameters": {"a": [1, -2.5e3, true, null, "x\\n\\u00e9\\ud83d\\ude00"], "b.$": "$.x"},
      "ResultPath": "$.mira", "Next": "Gate"},
      /* then */ "Gate": {"Type": "Choice", "Choices": [{"Variable": "$.mira.cert", "IsPresent": true,}]}}}
    """
  ]

  @Test func `mutants of YAML give well-formed trees`() {
    var generator = SeededGenerator(seed: 7)
    for seed in Self.yamlSeeds {
      for _ in 0..<300 {
        let bytes = mutant(of: Array(seed.utf8), using: &generator)
        let tree = YAMLReader.read(path: "m.yml", raw: bytes)
        let length = SourceDecoder.decode(path: "m.yml", raw: bytes).file.bytes.count
        let violations = TreeInvariants(tree, length: length).violations
        #expect(violations.isEmpty, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test func `mutants of JSON give well-formed trees`() {
    var generator = SeededGenerator(seed: 11)
    for seed in Self.jsonSeeds {
      for _ in 0..<300 {
        let bytes = mutant(of: Array(seed.utf8), using: &generator)
        let tree = JSONReader.read(path: "m.json", raw: bytes)
        let length = SourceDecoder.decode(path: "m.json", raw: bytes).file.bytes.count
        let violations = TreeInvariants(tree, length: length).violations
        #expect(violations.isEmpty, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }
}
