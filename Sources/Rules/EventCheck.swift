/// The check of a rule over event logs, in past and bounded-future operators over one identity.
package struct EventCheck: Sendable {
  package init() {}
}
