import Foundation
import TestSupport
import Testing
import Workflows

/// Which step of a public definition comes after which, as a person has read it in the file.
///
/// A dozen and more of each engine; of Mira flows there are six in the corpus, of GitHub agentic workflows ten, and all
/// of them are here.
@Suite(
  .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"))
struct HandReadGraphTests {
  /// A file of the corpus, and every way between steps of different names.
  ///
  /// `!>` is taken after a failure, `~>` when
  /// time is up. Ways from the step where the workflow begins are left out unless one of them is told.
  struct Reading: CustomTestStringConvertible, Sendable {
    var path: String
    var ways: String
    var testDescription: String { path }
  }

  private static let argo =
    "argo-workflows/argoproj-labs__hera/examples/workflows/upstream/"
  private static let localstack =
    "step-functions/localstack__localstack/tests/aws/services/stepfunctions/templates/"
  private static let sdk =
    "serverless-workflow-1.0/serverlessworkflow__sdk-java/"
  private static let samples =
    "google-workflows/GoogleCloudPlatform__workflows-samples/src/"
  private static let kestra = "kestra/kestra-io__kestra/core/src/"
  private static let n8n = "n8n/enescingoz__awesome-n8n-templates/"
  private static let camunda = "bpmn/camunda__camunda-bpm-examples/"
  private static let gitlab = "gitlab-ci/firecow__gitlab-ci-local/tests/test-cases/"
  private static let conductor =
    "conductor/conductor-oss__conductor/test-harness/src/test/resources/"

  static let readings: [Reading] = [
    // Argo Workflows
    .init(
      path: "argo-workflows/argoproj__argo-workflows/examples/workflow-template/dag.yaml",
      ways: "A -> B, A -> C, B -> D, C -> D, diamond -> A"),
    .init(
      path: argo + "retry-conditional.upstream.yaml",
      ways: "main -> safe-to-retry, safe-to-retry -> retry"),
    .init(
      path: argo + "key-only-artifact.upstream.yaml",
      ways: "generate -> consume, main -> generate"),
    .init(
      path: argo + "parameter-aggregation-script.upstream.yaml",
      ways: "odd-or-even -> divide-by-2, parameter-aggregation -> odd-or-even"),
    .init(
      path: argo + "loops-sequence.upstream.yaml",
      ways: """
        loops-sequence -> sequence-count, loops-sequence -> sequence-format,
        loops-sequence -> sequence-negative, loops-sequence -> sequence-param,
        loops-sequence -> sequence-start-end, sequence-count -> loops-sequence,
        sequence-format -> loops-sequence, sequence-negative -> loops-sequence,
        sequence-param -> loops-sequence, sequence-start-end -> loops-sequence
        """),
    // Tekton
    .init(
      path: "tekton/tektoncd__pipeline/examples/v1/pipelineruns/"
        + "pipelinerun-results-with-params.yaml",
      ways: "generate-suffix -> do-something"),
    .init(
      path: "tekton/tektoncd__pipeline/examples/v1/taskruns/task-result.yaml",
      ways: "print-date-unix-timestamp -> print-date-human-readable"),
    .init(
      path: "tekton/tektoncd__catalog/task/tekton-catalog-publish/0.1/tests/run.yaml",
      ways: "fetch-repository -> publish, fetch-repository -> reduce, reduce -> publish"),
    .init(
      path: "tekton/tektoncd__catalog/task/gradle/0.2/tests/run.yaml",
      ways: "fetch-code -> gradle-run"),
    // Serverless Workflow
    .init(
      path: sdk + "impl/test/src/test/resources/workflows-samples/switch-then-loop.yaml",
      ways: "inc -> looping, looping -> inc"),
    .init(
      path: sdk + "api/src/test/resources/features/for.yaml",
      ways: "loopColors -> markProcessed, markProcessed -> loopColors"),
    .init(
      path: sdk + "api/src/test/resources/features/composite.yaml",
      ways: """
        compositeExample -> setRed, setBlue -> compositeExample, setGreen -> setBlue,
        setRed -> setGreen
        """),
    .init(
      path: sdk + "impl/test/src/test/resources/workflows-samples/fork-no-compete.yaml",
      ways: """
        callDoctor -> callSomeone, callDoctor -> waitForDoctor, callNurse -> callSomeone,
        callNurse -> waitForNurse, callSomeone -> callDoctor, callSomeone -> callNurse,
        doctorArrived -> callDoctor, nurseArrived -> callNurse, waitForDoctor -> doctorArrived,
        waitForNurse -> nurseArrived
        """),
    .init(
      path: sdk + "impl/test/src/test/resources/workflows-samples/try-catch-retry-reusable.yaml",
      ways: "getPet !> tryGetPet, getPet -> tryGetPet, tryGetPet -> getPet"),
    .init(
      path: "serverless-workflow-0.8/rhdhorchestrator__serverless-workflows/workflows/greeting/"
        + "greeting.sw.yaml",
      ways: """
        ChooseOnLanguage -> GreetInEnglish, ChooseOnLanguage -> GreetInSpanish,
        GreetInEnglish -> GreetPerson, GreetInSpanish -> GreetPerson, GreetPerson -> greetAction,
        greetAction -> setOutput
        """),
    .init(
      path: "serverless-workflow-0.8/rhdhorchestrator__serverless-workflows/workflows/"
        + "experimentals/backstage-token/backstage-token.sw.yaml",
      ways: """
        PrintEntity -> print, ValidateTokenPropagation -> getEntities, getEntities -> PrintEntity
        """),
    // Kestra
    .init(
      path: kestra + "main/java/io/kestra/plugin/core/flow/EachParallel.java#example1.yaml",
      ways: "each_parallel -> each_value, each_value -> each_parallel"),
    .init(
      path: kestra + "test/resources/flows/valids/foreach-non-concurrent.yaml",
      ways: "for_each -> log, log -> shell, shell -> for_each"),
    .init(
      path: kestra + "test/resources/flows/valids/current-output.yaml",
      ways: """
        1-1-1_each -> 1-1-1_output, 1-1-1_each -> 1-1_each, 1-1-1_output -> 1-1-1_return,
        1-1-1_return -> 1-1-1_each, 1-1_each -> 1-1-1_each, 1-1_each -> 1_each,
        1_each -> 1-1_each, 1_each -> 2_each, 2-1-1_output -> 2-1-1_return,
        2-1_output -> 2-1_return, 2-1_return -> 2_each, 2-1_sequential -> 2-1-1_output,
        2_each -> 2-1_output, 2_each -> 2_sequential, 2_sequential -> 2-1_sequential
        """),
    .init(
      path: kestra + "test/resources/flows/valids/retry-flowable-nested-child.yaml",
      ways: "flowable -> flowable2, flowable2 -> child"),
    .init(
      path: kestra + "test/resources/flows/valids/working-directory-outputs.yml",
      ways: "workingDir -> outputFiles"),
    // Google Workflows
    .init(
      path: samples + "step_conditional_jump.workflows.yaml",
      ways: """
        first_step -> where_to_jump, where_to_jump -> large, where_to_jump -> medium,
        where_to_jump -> small
        """),
    .init(
      path: samples + "parallel_loop.workflows.yaml",
      ways: "notify -> sendNotifications, sendNotifications -> notify"),
    .init(path: samples + "error_retry_predicate.workflows.yaml", ways: "read_item -> last_step"),
    .init(
      path: samples + "connect_functions.workflows.yaml", ways: "call_my_function -> return_value"),
    .init(
      path: samples + "parallel_shared_variables.workflows.yaml",
      ways: """
        assignResult1 -> getStock, assignResult2 -> orderStock, assignStep -> parallelStep,
        callGetStock -> assignResult1, callOrderStock -> assignResult2, getStock -> callGetStock,
        getStock -> parallelStep, orderStock -> callOrderStock, orderStock -> parallelStep,
        parallelStep -> getStock, parallelStep -> orderStock
        """),
    // Step Functions
    .init(
      path: localstack + "assign/statemachines/base_reference_in_choice.json5",
      ways: """
        CheckAnswer -> CorrectAnswer, CheckAnswer -> WrongAnswer, Setup -> CheckAnswer,
        WrongAnswer -> CheckAnswer
        """),
    .init(
      path: localstack + "scenarios/statemachines/parallel_state_order.json5",
      ways: """
        Branch0 -> StartState, Branch1 -> StartState, Branch2 -> StartState,
        Branch3 -> StartState, StartState -> Branch0, StartState -> Branch1,
        StartState -> Branch2, StartState -> Branch3
        """),
    .init(
      path: localstack + "statevariables/statemachines/task_catch_error_output_with_retry.json5",
      ways: "Task -> Fallback, Task -> Finish"),
    .init(
      path: "step-functions/aws-samples__step-functions-workflows-collection/background-cropper/"
        + "statemachine/img-cropper-sfn.asl.json",
      ways: "Detect Labels -> Crop Image"),
    .init(
      path: "step-functions/aws-samples__aws-stepfunctions-examples/sam/"
        + "app-decompose-for-parallelism/statemachine/runner-simplewait.asl.json",
      ways: """
        GenerateDefaultTestInput -> RunTest, VerifyInput -> GenerateDefaultTestInput,
        VerifyInput -> RunTest
        """),
    .init(
      path: "step-functions/aws-samples__step-functions-workflows-collection/"
        + "selective-checkpointing/statemachine/statemachineChild.asl.json",
      ways: """
        Update Customer Profile -> Update Inventory, Update Data Warehouse -> Update Customer \
        Profile, Update Order History -> Update Data Warehouse
        """),
    // Conductor
    .init(
      path: "conductor/conductor-oss__conductor/ai/examples/28-a2a-llm-pick-skill.json",
      ways: "choose -> call, discover -> choose"),
    .init(
      path: "conductor/conductor-oss__conductor/ai/examples/13-image-to-video-pipeline.json",
      ways: "source_image -> animated_video"),
    .init(
      path: conductor + "hierarchical_fork_join_swf.json",
      ways: """
        fanouttask -> st1, fanouttask -> t2, st1 -> fanouttask_join, t2 -> fanouttask_join
        """),
    .init(
      path: conductor + "workflow_with_sub_workflow_1_integration_test.json", ways: "t1 -> t2"),
    .init(
      path: conductor + "terminate_task_terminated_status_in_do_while_test.json",
      ways: "do_while_ref -> lambda_ref, lambda_ref -> terminate_ref"),
    // GitLab CI
    .init(path: gitlab + "needs-same-stage/.gitlab-ci.yml", ways: "build-job -> test-job"),
    .init(
      path: gitlab + "after-script/.gitlab-ci.yml",
      ways: "build-job -> test-job, deploy-job -> post-job, test-job -> deploy-job"),
    .init(path: gitlab + "needs-empty/.gitlab-ci.yml", ways: ""),
    // GitHub Actions
    .init(
      path: "github-actions/anthropics__claude-code-action/.github/workflows/ci.yml",
      ways: """
        actions/checkout@v6 -> prettier, actions/checkout@v6 -> test,
        actions/checkout@v6 -> typecheck,
        Install dependencies -> Run TypeScript type check, Install dependencies -> Run prettier \
        check, Install dependencies -> Run tests, Run TypeScript type check -> \
        oven-sh/setup-bun@v2, Run prettier check -> oven-sh/setup-bun@v1, Run tests -> \
        oven-sh/setup-bun@v2, actions/checkout@v6 -> oven-sh/setup-bun@v1, actions/checkout@v6 -> \
        oven-sh/setup-bun@v2, oven-sh/setup-bun@v1 -> Install dependencies, oven-sh/setup-bun@v1 -> \
        actions/checkout@v6, oven-sh/setup-bun@v2 -> Install dependencies, oven-sh/setup-bun@v2 -> \
        actions/checkout@v6, prettier -> actions/checkout@v6, test -> actions/checkout@v6, \
        typecheck -> actions/checkout@v6
        """),
    .init(
      path: "github-actions/camunda__camunda-bpm-examples/.github/workflows/bump-versions.yml",
      ways: """
        Check out repository code -> bump-versions,
        Check out repository code -> Set up Java environment, Create pull request -> Set up Java \
        environment, Run Maven with bump-versions profile -> Create pull request, Set up Java \
        environment -> Check out repository code, Set up Java environment -> Run Maven with \
        bump-versions profile, bump-versions -> Check out repository code
        """),
    // n8n
    .init(
      path: n8n + "Notion/Add positive feedback messages to a table in Notion.json",
      ways: """
        Google Cloud Natural Language -> IF, IF -> Notion, IF -> Trello, Notion -> Slack,
        Typeform Trigger -> Google Cloud Natural Language
        """),
    .init(
      path: n8n + "Gmail_and_Email_Automation/AI Email Auto-Responder with Ollama.json",
      ways: """
        1. Classify Email (Ollama) -> Filter Spam, 2. Draft Reply (Ollama) -> Prepare Draft for \
        Review, Check Every 5 Minutes -> Get Unread Emails (IMAP), Filter Spam -> 2. Draft Reply \
        (Ollama), Get Unread Emails (IMAP) -> 1. Classify Email (Ollama)
        """),
    .init(
      path: n8n + "Google_Drive_and_Google_Sheets/Website leads to Google Sheets with Telegram "
        + "alert and auto-reply (Italian).json",
      ways: """
        Estrai campi del lead -> Salva nel Registro Lead, Nuovo lead dal sito -> Estrai campi del \
        lead, Salva nel Registro Lead -> Avvisami su Telegram, Salva nel Registro Lead -> Email di \
        cortesia al cliente
        """),
    .init(
      path: n8n + "Other_Integrations_and_Use_Cases/Use AI to organize your Todoist Inbox.json",
      ways: """
        Categorize -> If other or ai hallucinates, Get inbox tasks -> If task is not a subtask,
        If other or ai hallucinates -> Update priority in todoist,
        If task is not a subtask -> Categorize, Schedule Trigger -> Your Projects,
        Your Projects -> Get inbox tasks
        """),
    .init(
      path: n8n + "Other_Integrations_and_Use_Cases/KB Tool - Confluence Knowledge Base.json",
      ways: "Execute Workflow Trigger -> Query Confluence, Query Confluence -> Return Tool Response"
    ),
    // BPMN
    .init(
      path: camunda + "startevent/message-start/src/main/resources/message_start_process.bpmn",
      ways: """
        StartEvent_1 -> Wait in Message Process, Wait in Message Process -> EndEvent_1
        """),
    .init(
      path: camunda + "servicetask/service-invocation-asynchronous/src/main/resources/"
        + "asynchronousServiceInvocation.bpmn",
      ways: """
        Asynchronous Service Task -> Wait State After, Start -> Wait State Before,
        Wait State After -> End, Wait State Before -> Asynchronous Service Task
        """),
    .init(
      path: camunda + "servicetask/rest-service/src/main/resources/invokeRestService.bpmn",
      ways: """
        Check if date is holiday -> ExclusiveGateway_1, ExclusiveGateway_1 -> Pack for holiday,
        ExclusiveGateway_1 -> Pack for work, Pack for holiday -> EndEvent_2,
        Pack for work -> EndEvent_1, start with date -> Check if date is holiday
        """),
    .init(
      path: "bpmn/apache__incubator-kie-kogito-examples/kogito-quarkus-examples/"
        + "kogito-travel-agency/extended/travels/src/main/resources/org/acme/travels/"
        + "flightBooking.bpmn2",
      ways: "Book flight -> Flight Booked, StartProcess -> Book flight"),
    // Mira flows
    .init(
      path: "mira-flows/Shivam28kumar__Medical_ai/flow.yaml",
      ways: """
        analyze_symptoms -> find_nearby_doctors, analyze_symptoms -> output,
        analyze_symptoms -> provide_health_advice, find_nearby_doctors -> output,
        provide_health_advice -> output
        """),
    .init(
      path: "mira-flows/B-Venkatesh7210__building-compound-flow/flow.yaml",
      ways: """
        content_enhancement -> final_review, final_review -> output,
        moderation_check -> final_review
        """),
  ]

  private static func ways(_ workflow: Workflow, withEntry: Bool) -> [String] {
    let marks: [Edge.Outcome: String] = [.success: "->", .failure: "!>", .timeout: "~>"]
    return Set(
      workflow.edges.compactMap { edge -> String? in
        let from = workflow.steps[edge.from].name
        let to = workflow.steps[edge.to].name
        if from == to || !withEntry && edge.from == workflow.entry { return nil }
        return "\(from) \(marks[edge.outcome] ?? "?") \(to)"
      }
    ).sorted()
  }

  /// More of them, an engine in a file of `testdata/graphs`: a path after `##`, then a line for each step that is left.
  static let longReadings: [Reading] = TestDefinition.paths(
    below: Checkout.root + "testdata/graphs", [".txt"]
  ).flatMap { path in
    var found: [Reading] = []
    for line in String(decoding: TestDefinition.bytes(path), as: UTF8.self)
      .split(separator: "\n")
    {
      if line.hasPrefix("## ") {
        found.append(Reading(path: String(line.dropFirst(3)), ways: ""))
        continue
      }
      let words = line.split(separator: " ")
      guard let mark = words.first(where: { ["->", "!>", "~>"].contains($0) }) else { continue }
      let left = line[..<mark.startIndex].dropLast()
      for target in String(line[mark.endIndex...].dropFirst()).components(separatedBy: " | ") {
        found[found.count - 1].ways += "\(left) \(mark) \(target)\n"
      }
    }
    return found
  }

  @Test(arguments: longReadings)
  func `the graph has the ways that were written down`(reading: Reading) throws {
    #expect(!reading.path.isEmpty)
    try expect(reading.ways.split(separator: "\n").map(String.init), of: reading.path)
  }

  @Test(arguments: readings)
  func `the graph has the ways that the file tells`(reading: Reading) throws {
    let ways = reading.ways.split(whereSeparator: { $0 == "," || $0 == "\n" })
      .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.map(String.init)
    try expect(ways, of: reading.path)
  }

  private func expect(_ expected: [String], of name: String) throws {
    let path = Checkout.shared + "corpus/" + name
    let read = try #require(TestDefinition.read(TestDefinition.bytes(path), path: path))
    let workflow = try #require(read.workflows.first)
    let entry = workflow.steps[workflow.entry].name
    let withEntry = expected.contains { way in
      ["->", "!>", "~>"].contains { way.hasPrefix("\(entry) \($0) ") }
    }
    #expect(Self.ways(workflow, withEntry: withEntry) == expected.sorted())
  }
}
