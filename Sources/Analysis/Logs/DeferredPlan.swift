import Rules
import Synchronization

/// The plan of a log's judging, made when the first log is met: a run over definitions alone does not pay for it.
final class DeferredPlan: Sendable {
  private let rules: [Rule]
  private let protocols: [VerificationProtocol]
  private let integrations: IntegrationLibrary
  private let mappings: [LogMapping]
  private let made = Mutex<LogPlan?>(nil)
  private let screened = Mutex<ScreenPlan?>(nil)

  init(
    rules: [Rule], protocols: [VerificationProtocol], integrations: IntegrationLibrary,
    mappings: [LogMapping]
  ) {
    self.rules = rules
    self.protocols = protocols
    self.integrations = integrations
    self.mappings = mappings
  }

  var plan: LogPlan {
    made.withLock { made in
      if let made { return made }
      let plan = LogPlan(
        rules: rules, protocols: protocols, integrations: integrations, mappings: mappings)
      made = plan
      return plan
    }
  }

  var screen: ScreenPlan {
    let plan = plan
    return screened.withLock { screened in
      if let screened { return screened }
      let screen = ScreenPlan(plan)
      screened = screen
      return screen
    }
  }
}
