import SourceText

extension Shape where Value == WorkflowCheck {
  /// The check of a rule over workflow definitions.
  package static var workflowCheck: Shape {
    .oneOf(
      "a workflow check",
      [
        Alternative(
          "consumption", consumption, "A step consumes an output while its proof does not hold."
        ) { .flow($0) },
        Alternative("claim", claim, "A step claims that an output is verified.") { .flow($0) },
        Alternative("step", .oneOrMore(of: step), "A step is wrong by itself.") { .step($0) },
        Alternative("order", order, "References that no order guarantees.") { .order($0) },
        Alternative(
          "exposure", exposure, "The workflow returns what it checks elsewhere."
        ) { .exposure($0) },
        Alternative(
          "secret", .flag, "A secret of the protocol stands in the file."
        ) { (_: Bool) in .secret },
      ])
  }

  private static var roles: Shape<[Role]> { .oneOrMore(of: .choice("a role")) }
  private static var facets: Shape<[Facet]> { .oneOrMore(of: .choice("a facet")) }

  private static var consumption: Shape<FlowCheck> {
    .record(
      "a consumption", FlowCheck(sinks: [], reads: []),
      [
        .required("by", { $0.sinks = $1 }, roles, "The roles of the steps that consume."),
        .required(
          "of", { $0.reads = $1 }, facets,
          "The facets of the output whose reading is a consumption."),
        .optional(
          "in", { $0.argument = $1 }, .text,
          "The argument that must carry it (`value`, `key`, `shows`, `payload`); any where it is absent."
        ),
        .optional("or-claim", { $0.claims = $1 }, .flag, "A claim of verification counts as well."),
        .optional(
          "or-return", { $0.returns = $1 }, .flag,
          "What the workflow returns to its caller counts as well."),
        .required(
          "while", { $0.when = $1 }, .choice("a state of the proof"),
          "Whether the proof holds there."),
        .optional(
          "where", { $0.predicate = $1 }, .stepPredicate, "What must hold of the step besides."),
      ])
  }

  private static var claim: Shape<FlowCheck> {
    .record(
      "a claim", FlowCheck(sinks: [], reads: [], claims: true),
      [
        .required("by", { $0.sinks = $1 }, roles, "The roles of the steps that claim."),
        .optional(
          "in", { $0.argument = $1 }, .text, "The argument that shows it; any where it is absent."),
        .required(
          "while", { $0.when = $1 }, .choice("a state of the proof"),
          "Whether the proof holds there."),
        .optional(
          "where", { $0.predicate = $1 }, .stepPredicate, "What must hold of the step besides."),
      ])
  }

  private static var step: Shape<StepCheck> {
    .record(
      "a step check", StepCheck(roles: [], predicate: .all([])),
      [
        .required("role", { $0.roles = $1 }, roles, "The roles of the steps that are looked at."),
        .required("where", { $0.predicate = $1 }, .stepPredicate, "What is wrong with the step."),
        .optional(
          "cause", { $0.cause = $1 }, .text,
          "What the finding's cause is called; it may have a sentence in `message-by-cause`."),
      ])
  }

  private static var order: Shape<OrderCheck> {
    .record(
      "an order check",
      OrderCheck(unordered: false, unknown: false, detachedVerification: false),
      [
        .optional(
          "unordered-reference", { $0.unordered = $1 }, .flag,
          "A step reads an output of a step that it is not ordered after."),
        .optional(
          "unknown-reference", { $0.unknown = $1 }, .flag, "A reference names no step or field."),
        .optional(
          "detached-verification", { $0.detachedVerification = $1 }, .flag,
          "A verification runs beside the step it should guard, and nothing is consumed."),
      ]
    ).then { check, node, reading in
      if !check.unordered, !check.unknown, !check.detachedVerification {
        reading.report("an order check that looks for nothing", at: node)
        return nil
      }
      return check
    }
  }

  private static var exposure: Shape<ExposureCheck> {
    .record(
      "an exposure", ExposureCheck(reads: []),
      [
        .required(
          "of", { $0.reads = $1 }, facets, "The facets whose return past the check is an exposure.")
      ])
  }
}
