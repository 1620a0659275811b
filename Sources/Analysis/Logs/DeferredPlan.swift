import EventLogs
import Rules
import Synchronization

/// The plan of a log's judging, made when the first file is met that may be a log: a run over definitions alone does
/// not pay for it.
final class DeferredPlan: Sendable {
  private let rules: [Rule]
  private let protocols: [VerificationProtocol]
  private let integrations: IntegrationLibrary
  private let mappings: [LogMapping]
  private let made = Mutex<LogPlan?>(nil)
  private let screened = Mutex<ScreenPlan?>(nil)
  private let known = Mutex<[EventSchemas]?>(nil)

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

  /// The words that logs are known by, the houses' before the protocols': where names stand is known before the plan.
  var schemas: [EventSchemas] {
    known.withLock { known in
      if let known { return known }
      var vocabulary = LogVocabulary(names: [:], fields: [:])
      let name = LogVocabulary.Envelope.name
      vocabulary.fields[name] = protocols.flatMap { $0.events.fields[name] ?? [] }
      let houses = mappings.indices.map { index in
        var house = vocabulary
        house.takeNamePlaces(of: mappings[index])
        return EventSchemas(placesOf: house) { [unowned self] in
          EventSchema(plan.mappings[index].vocabulary, envelope: $0)
        }
      }
      let own = EventSchemas(placesOf: vocabulary) { [unowned self] in plan.schema(wrapped: $0) }
      known = houses + [own]
      return houses + [own]
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
