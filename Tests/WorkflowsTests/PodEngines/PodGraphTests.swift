import TestSupport
import Testing
import Workflows

/// Which task comes after which, as a person reads it in the file.
struct PodGraphTests {
  /// The edges between steps of different names, sorted.
  private static func hops(_ workflow: Workflow) -> [String] {
    Set(
      workflow.edges.compactMap { edge -> String? in
        let from = workflow.steps[edge.from].name
        let to = workflow.steps[edge.to].name
        let mark = edge.outcome == .failure ? " !> " : " -> "
        return from == to || from == workflow.name ? nil : from + mark + to
      }
    ).sorted()
  }

  private static func hops(
    _ text: String, _ engine: String, path: String = "definition.yaml",
    beside neighbours: [String: String] = [:]
  ) throws -> [String] {
    let reading = try #require(
      TestDefinition.read(Array(text.utf8), path: path, engine: engine, beside: neighbours))
    #expect(reading.problems.isEmpty)
    return hops(try #require(reading.workflows.last))
  }

  // MARK: Argo Workflows

  @Test func `steps follow each other group by group`() throws {
    let text = """
      apiVersion: argoproj.io/v1alpha1
      kind: Workflow
      metadata: {name: w}
      spec:
        entrypoint: main
        templates:
          - name: main
            steps:
              - - {name: a, template: leaf}
              - - {name: b, template: leaf}
                - {name: c, template: leaf, when: "{{steps.a.status}} == Succeeded"}
              - [{name: d, template: leaf}]
          - name: leaf
            container: {image: x, command: [gh, api, x]}
      """
    #expect(
      try Self.hops(text, "argo-workflows") == [
        "a -> b", "a -> c", "b -> main", "c -> main", "main -> a", "main -> d",
      ])
  }

  @Test func `tasks depend on how others ended`() throws {
    let text = """
      apiVersion: argoproj.io/v1alpha1
      kind: Workflow
      metadata: {name: w}
      spec:
        entrypoint: main
        onExit: tell
        templates:
          - name: main
            dag:
              tasks:
                - {name: a, template: leaf}
                - {name: good, template: leaf, depends: a.Succeeded}
                - {name: bad, template: leaf, depends: a.Failed}
                - {name: both, template: leaf, depends: "good && !bad.Succeeded"}
          - name: leaf
            container: {image: x, command: [gh, api, x]}
          - name: tell
            container: {image: x, command: [gh, api, y]}
      """
    let hops = try Self.hops(text, "argo-workflows")
    #expect(hops.contains("a -> good") && hops.contains("a !> bad"))
    #expect(!hops.contains("a -> bad") || hops.contains("bad -> both"))
    #expect(hops.contains("good -> both"))
    #expect(hops.contains("both !> tell") && hops.contains("both -> tell"))
  }

  @Test func `a template that calls itself is a loop`() throws {
    let text = """
      apiVersion: argoproj.io/v1alpha1
      kind: Workflow
      metadata: {name: w}
      spec:
        entrypoint: poll
        templates:
          - name: poll
            steps:
              - - {name: look, template: look}
              - - {name: again, template: poll, when: "{{steps.look.outputs.result}} == pending"}
          - name: look
            http: {url: "https://example.com/state"}
      """
    #expect(
      try Self.hops(text, "argo-workflows") == [
        "again -> poll", "look -> again", "poll -> look",
      ])
  }

  @Test func `a template of another file is put in`() throws {
    let text = """
      apiVersion: argoproj.io/v1alpha1
      kind: Workflow
      metadata: {name: w}
      spec:
        entrypoint: main
        templates:
          - name: main
            dag:
              tasks:
                - {name: a, templateRef: {name: shared, template: two}}
                - {name: b, depends: a, templateRef: {name: absent, template: x}}
      """
    let shared = """
      apiVersion: argoproj.io/v1alpha1
      kind: WorkflowTemplate
      metadata: {name: shared}
      spec:
        templates:
          - name: two
            steps:
              - - {name: first, template: leaf}
              - - {name: second, template: leaf}
          - name: leaf
            container: {image: x, command: [gh, api, x]}
      """
    #expect(
      try Self.hops(text, "argo-workflows", beside: ["shared.yaml": shared]) == [
        "a -> first", "first -> second", "main -> a", "second -> b",
      ])
  }

  // MARK: Tekton

  @Test func `a result is an order, and what runs last runs after a failure, too`() throws {
    let text = """
      apiVersion: tekton.dev/v1
      kind: Pipeline
      metadata: {name: p}
      spec:
        tasks:
          - name: use
            params: [{name: x, value: "$(tasks.make.results.r)"}]
            taskRef: {name: one}
          - {name: make, taskRef: {name: two}}
          - {name: later, runAfter: [use], taskRef: {name: three}}
        finally:
          - {name: clean, taskRef: {name: four}}
      """
    let hops = try Self.hops(text, "tekton")
    #expect(
      hops
        == ["make -> use", "make !> p", "use -> later", "use !> p", "later -> p", "later !> p"]
        .sorted())
  }

  @Test func `what waits for a skipped task runs, and what reads its results does not`() throws {
    let text = """
      apiVersion: tekton.dev/v1
      kind: Pipeline
      metadata: {name: p}
      spec:
        tasks:
          - name: a
            when: [{input: "$(params.x)", operator: in, values: ["1"]}]
            taskRef: {name: one}
          - {name: after, runAfter: [a], taskRef: {name: two}}
          - name: reads
            params: [{name: x, value: "$(tasks.a.results.r)"}]
            taskRef: {name: three}
      """
    let reading = try #require(
      TestDefinition.read(Array(text.utf8), path: "p.yaml", engine: "tekton"))
    let workflow = try #require(reading.workflows.first)
    func entries(_ name: String) -> Set<Step.Kind> {
      Set(
        workflow.edges.filter {
          workflow.steps[$0.to].name == name && workflow.steps[$0.from].name == "a"
        }.map { workflow.steps[$0.from].kind })
    }
    #expect(entries("after") == [.action, .control])
    #expect(workflow.steps.contains { $0.name == "reads" && $0.call != nil })
  }

  // MARK: GitLab

  @Test func `stages wait for each other, and needs do not wait for stages`() throws {
    let text = """
      stages: [one, two, three]
      a: {stage: one, script: [gh api a]}
      b: {stage: one, script: [gh api b]}
      c: {stage: two, script: [gh api c]}
      d: {stage: three, needs: [a], script: [gh api d]}
      e: {stage: three, script: [gh api e], when: manual}
      """
    #expect(
      try Self.hops(text, "gitlab-ci", path: ".gitlab-ci.yml") == [
        "a -> d", "a -> one", "b -> one", "c -> e", "one -> c",
      ])
  }

  @Test func `includes are merged and the jobs of a child pipeline put in`() throws {
    let text = """
      include: {local: /base.yml}
      stages: [build, test]
      build: {extends: .base, variables: {A: "1"}}
      child: {stage: test, trigger: {include: child.yml}}
      """
    let neighbours = [
      "base.yml": """
      .base: {stage: build, script: [!reference [.lines, script]]}
      .lines: {script: [gh api a, gh api b]}
      """,
      "child.yml": "inner: {script: [gh api c]}",
    ]
    let hops = try Self.hops(text, "gitlab-ci", path: ".gitlab-ci.yml", beside: neighbours)
    #expect(hops == ["build -> child", "child -> inner"])
  }

  // MARK: Public files, read by a person

  static let known: [(engine: String, path: String, workflow: Int, hops: [String])] = [
    (
      "argo-workflows",
      "argo-workflows/argoproj__argo-workflows/test/e2e/functional/nested-dag-outputs.yaml", 0,
      [
        "consume -> nested-wf", "generate -> nested-wf", "nested-dag-outputs -> generate",
        "nested-wf -> consume", "nested-wf -> generate",
      ]
    ),
    (
      "argo-workflows",
      "argo-workflows/argoproj__argo-workflows/test/e2e/testdata/retry-test.yaml", 0,
      [
        "main -> steps-outer-step1", "steps-inner-step1 -> steps-inner-step2",
        "steps-outer-step1 -> steps-outer-step2", "steps-outer-step2 -> steps-inner-step1",
      ]
    ),
    (
      "argo-workflows",
      "argo-workflows/argoproj__argo-workflows/workflow/controller/testdata/dag-disable-fail-fast.yaml",
      0, ["A -> B", "A -> C", "B -> D", "D -> E", "statis -> A"]
    ),
    (
      "tekton",
      "tekton/tektoncd__catalog/task/gcs-create-bucket/0.1/samples/gcs-sample.yaml", 0,
      [
        "create-data -> gcs-upload", "delete-bucket -> gcs-pr-$(uid)",
        "gcs-create-bucket -> create-data", "gcs-download -> delete-bucket",
        "gcs-download -> verify-data", "gcs-upload -> gcs-download",
        "verify-data -> gcs-pr-$(uid)",
      ]
    ),
    (
      "tekton", "tekton/tektoncd__catalog/task/tekton-catalog-publish/0.1/tests/run.yaml", 0,
      ["fetch-repository -> publish", "fetch-repository -> reduce", "reduce -> publish"]
    ),
    (
      "gitlab-ci",
      "gitlab-ci/firecow__gitlab-ci-local/tests/test-cases/after-script/.gitlab-ci.yml", 0,
      ["build-job -> test-job", "deploy-job -> post-job", "test-job -> deploy-job"]
    ),
    (
      "gitlab-ci",
      "gitlab-ci/detecttechnologies__Gitlab-CI-CD-Templates/dashboard-templates/frontend.gitlab-ci.yml",
      0,
      [
        "analyze_reports !> post", "analyze_reports -> post", "build -> nodejs-scan-sast",
        "build -> secret_detection", "build -> semgrep-sast", "build_package -> build",
        "build_root_package -> build", "nodejs-scan-sast -> test", "post -> deploy_package",
        "secret_detection -> test", "semgrep-sast -> test", "test -> analyze_reports",
        "test -> update_version_manifest", "update_version_manifest -> post",
      ]
    ),
  ]

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: known)
  func `public definitions have the steps and edges that a person finds in them`(
    engine: String, path: String, workflow: Int, hops: [String]
  ) throws {
    let bytes = TestDefinition.bytes(Checkout.shared + "corpus/" + path)
    let reading = try #require(TestDefinition.read(bytes, path: path, engine: engine))
    #expect(Self.hops(reading.workflows[workflow]) == hops)
  }
}
