// swift-tools-version: 6.2
import PackageDescription

/// CI sets MIRA_LINT_STRICT: a newer compiler's new warning must not break a user's build.
let warnings: [SwiftSetting] =
  Context.environment["MIRA_LINT_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + warnings

/// `Fuzz/run` counts what its inputs reach; nothing else is built with this.
let coverage: [SwiftSetting] =
  Context.environment["MIRA_LINT_FUZZ"] == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])]

/// A room of `design/architecture.md`: it may import only the rooms listed with it.
func room(_ name: String, knows dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings + coverage)
}

func tests(
  _ name: String, of dependencies: [Target.Dependency], excluding excluded: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: excluded,
    swiftSettings: settings)
}

/// What a build with the trait `Certificates` has more.
let certificates = Target.Dependency.target(
  name: "Certificates", condition: .when(traits: ["Certificates"]))

let package = Package(
  name: "mira-lint",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "mira-lint", targets: ["mira-lint"]),
    .library(name: "MiraLint", targets: ["MiraLint"]),
  ],
  traits: [
    .trait(
      name: "Certificates",
      description: "Certificates and attestations are checked themselves, with swift-crypto."),
    .default(enabledTraits: ["Certificates"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    room("SourceText"),
    room("Expressions", knows: ["SourceText"]),
    room("Workflows", knows: ["SourceText", "Expressions"]),
    room("EventLogs"),
    room("Rules", knows: ["SourceText"]),
    room("Findings"),
    room(
      "Analysis",
      knows: ["SourceText", "Expressions", "Workflows", "EventLogs", "Rules", "Findings"]),
    // Its files stand inside `#if Certificates`, so that a build without the trait compiles no cryptography.
    room(
      "Certificates",
      knows: [
        "SourceText", "EventLogs", "Rules", "Findings",
        .product(
          name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Certificates"])),
      ]),
    room("Reports", knows: ["Findings", "Rules"]),
    room(
      "MiraLint",
      knows: [
        "SourceText", "Expressions", "Workflows", "EventLogs", "Rules", "Findings", "Analysis",
        "BuiltinRules", certificates,
      ]),
    room("LanguageServer", knows: ["MiraLint", "Reports", "Findings", "Rules", "SourceText"]),
    .executableTarget(
      name: "mira-lint",
      dependencies: [
        "MiraLint", "LanguageServer", "Analysis", "Reports", "Findings", "Rules", "SourceText",
        certificates,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "BuiltinRules", swiftSettings: settings, plugins: ["EmbedRules"]),
    .executableTarget(name: "embed-rules", swiftSettings: settings),
    .plugin(name: "EmbedRules", capability: .buildTool(), dependencies: ["embed-rules"]),
    .executableTarget(name: "benchmarks", swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Workflows", "Expressions", "SourceText"],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("SourceTextTests", of: ["SourceText", .product(name: "Yams", package: "Yams")]),
    tests("ExpressionsTests", of: ["Expressions", "SourceText"]),
    tests("WorkflowsTests", of: ["Workflows", "Expressions", "SourceText"]),
    tests("EventLogsTests", of: ["EventLogs"]),
    tests("RulesTests", of: ["Rules", "SourceText", "BuiltinRules"]),
    tests("FindingsTests", of: ["Findings"]),
    tests(
      "AnalysisTests",
      of: ["Analysis", "Workflows", "Expressions", "EventLogs", "Rules", "Findings", "SourceText"]),
    tests(
      "CertificatesTests",
      of: [
        "Certificates", "Rules", "SourceText", "Findings",
        .product(
          name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Certificates"])),
      ], excluding: ["Oracle"]),
    tests("ReportsTests", of: ["Reports", "Findings", "Rules"]),
    tests("LanguageServerTests", of: ["LanguageServer", "MiraLint", "Findings", "SourceText"]),
    tests("MiraLintTests", of: ["MiraLint", "mira-lint", "Findings", "Reports", "SourceText"]),
  ],
  swiftLanguageModes: [.v6]
)
