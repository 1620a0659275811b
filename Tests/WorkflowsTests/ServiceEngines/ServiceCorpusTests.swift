import TestSupport
import Testing
import Workflows

/// Ways through public definitions, each compared by a person with what the file says.
@Suite(
  .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"))
struct ServiceCorpusTests {
  /// Every way of a file's first workflow: `from -> to`, with the outcome and the guards.
  private static func ways(_ path: String, engine: String) throws -> [String] {
    let whole = Checkout.shared + "corpus/" + path
    let reading = try #require(
      TestDefinition.read(TestDefinition.bytes(whole), path: whole, engine: engine))
    let workflow = try #require(reading.workflows.first)
    return workflow.edges.map { edge in
      let outcome = edge.outcome == .success ? "" : " \(edge.outcome)"
      let guards = edge.guards.map { ($0.holds ? " if " : " unless ") + String($0.decision) }
      let names = workflow.steps[edge.from].name + " -> " + workflow.steps[edge.to].name
      return names + outcome + guards.joined()
    }.sorted()
  }

  private func expect(
    _ path: String, of engine: String, _ ways: String,
    location: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let found = try Self.ways(path, engine: engine).joined(separator: "\n")
    #expect(found == ways, sourceLocation: location)
  }

  @Test func `a caught error is handled, then the flow goes on`() throws {
    try expect(
      "serverless-workflow-1.0/serverlessworkflow__specification/examples/try-catch-then.yaml",
      of: "serverless-workflow",
      """
      buyPet -> buyPet if 0
      getPet -> tryGetPet
      getPet -> tryGetPet failure
      notifySupport -> setError
      setError -> tryGetPet
      try-catch -> tryGetPet
      tryGetPet -> buyPet
      tryGetPet -> buyPet
      tryGetPet -> getPet
      tryGetPet -> notifySupport
      """)
  }

  @Test func `states poll until a user is there`() throws {
    try expect(
      "serverless-workflow-0.8/rhdhorchestrator__serverless-workflows/workflows/experimentals/"
        + "user-onboarding/user-onboarding.sw.yaml",
      of: "serverless-workflow",
      """
      Check user onboarding completed -> Notify: User onboarding completed unless 0 if 1
      Check user onboarding completed -> Poll user onboarding status if 0
      Check user onboarding completed -> Poll user onboarding status unless 0 unless 1
      Create notification: New user created -> setOutput
      Create notification: Onboarding user completed -> setOutput
      Get user onboarding status -> Check user onboarding completed
      Get user onboarding status -> Get user onboarding status
      Notify: New user created -> Create notification: New user created
      Notify: User onboarding completed -> Create notification: Onboarding user completed
      Poll user onboarding status -> Get user onboarding status
      Send new user request -> checkUserOnboardingStatus
      checkUserOnboardingStatus -> setOutput
      setOutput -> Notify: New user created
      setOutput -> Poll user onboarding status
      """)
  }

  @Test func `a saga compensates`() throws {
    try expect(
      "google-workflows/GoogleCloudPlatform__workflows-demos/retries-and-saga/ordering-v3.yaml",
      of: "google-workflows",
      """
      approve_pending_order -> return_approved_order
      check_nonrecoverable_error -> raiseError unless 0
      check_nonrecoverable_error -> reject_pending_order if 0
      create_pending_order -> reserve_credit
      init -> create_pending_order
      main -> init
      reject_pending_order -> return_rejected_order
      reserve_credit -> approve_pending_order
      reserve_credit -> check_nonrecoverable_error
      reserve_credit -> reserve_credit failure
      """)
  }

  @Test func `a nested list of steps is jumped back into`() throws {
    try expect(
      "google-workflows/GoogleCloudPlatform__workflows-samples/src/"
        + "poll_bigquery_job_manual.workflows.yaml", of: "google-workflows",
      """
      checkIfDone -> checkIfDone if 0
      checkIfDone -> wait unless 0
      checkStatus -> checkIfDone
      getJobId -> pollingLoop
      init -> startQuery
      main -> init
      pollingLoop -> checkStatus
      startQuery -> getJobId
      wait -> checkStatus
      """)
  }

  @Test func `actions start when what they follow has ended`() throws {
    try expect(
      "logic-apps/Azure__logicapps/templates/rosettanet-decode-response.json", of: "logic-apps",
      """
      Encode_and_Send_Signal -> RosettaNet_Encode_Signal if 0
      RosettaNet_Decode -> Compose
      RosettaNet_Decode -> Encode_and_Send_Signal
      RosettaNet_Encode_Signal -> HTTP_Send_signal_to_Partner
      manual -> RosettaNet_Decode
      """)
  }

  @Test func `an optional branch is joined however it ends`() throws {
    try expect(
      "conductor/conductor-oss__conductor/test-harness/src/test/resources/"
        + "fork_join_sync_optional_fail_integration_test.json", of: "conductor",
      """
      ForkJoinSyncOptionalFailTest -> forkTask
      branch_optional -> joinTask
      branch_optional -> joinTask failure
      branch_required -> joinTask
      forkTask -> branch_optional
      forkTask -> branch_required
      joinTask -> joinTask
      joinTask -> postJoinTask
      """)
  }

  @Test func `the cases of a switch meet again`() throws {
    try expect(
      "conductor/conductor-oss__conductor/test-harness/src/test/resources/"
        + "simple_switch_task_integration_test.json", of: "conductor",
      """
      SwitchWorkflow -> switchTask
      switchTask -> t1 if 0
      switchTask -> t5 unless 0
      t1 -> t2
      t2 -> t20
      t5 -> t20
      """)
  }
}
