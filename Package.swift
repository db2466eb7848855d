// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor (docs/MODULES.md says what may enter each room).
// A target imports only targets of lower floors; siblings never import each other. `make tidy` holds the sources to it.

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ below: [String]) -> Target {
  .target(name: name, dependencies: below.map { .byName(name: $0) }, swiftSettings: swift)
}

func proof(_ name: String, _ below: [String]) -> Target {
  .testTarget(name: name + "Tests", dependencies: ([name] + below).map { .byName(name: $0) }, swiftSettings: swift)
}

let bedrock: [Target] = [
  .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]),
  .target(name: "CLinux", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
  .target(
    name: "CModels", exclude: ["channel.ngram", "genre.ngram", "advertisement.ngram"],
    cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
  .systemLibrary(name: "CInotifyTools", providers: [.apt(["libinotifytools0-dev"])]),
  .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
]

let ground: [Target] = [
  room("Posix", ["CLinux"]),
  room("Bytes", ["CKernels"]),
  room("Parallel", []),
  room("Journal", ["CKernels"]),
  room("Settings", []),
]

let materials: [Target] = [
  room("Spool", ["Posix", "Bytes", "Journal", "Settings", "CInotifyTools", "CZstd"]),
  room("Documents", ["Bytes"]),
  room("Text", ["Bytes", "CKernels"]),
  room("TextModels", ["Bytes", "CKernels"]),
  room("Index", ["Posix", "Bytes"]),
  room("Tokens", ["Bytes", "CKernels"]),
  room("Suites", ["Bytes", "Settings"]),
  room("Phases", ["Bytes", "Settings"]),
  room("Blocks", ["Posix", "Bytes"]),
  room("Training", ["Posix", "Bytes", "Journal", "Settings"]),
]

let work: [Target] = [
  room("Decoding", ["Bytes", "Settings", "Documents", "Text", "CZstd", "CKernels"]),
  room("Classification", ["Settings", "Documents", "TextModels", "CModels", "CKernels"]),
  room("Filtering", ["Settings", "Documents", "TextModels", "CKernels", "CModels"]),
  room("Redaction", ["Bytes", "Settings", "Documents", "TextModels", "CKernels"]),
  room("Scoring", ["Bytes", "Settings", "Documents", "TextModels"]),
  room("Deduplication", ["Bytes", "Settings", "Documents", "TextModels", "Index"]),
  room("Decontamination", ["Bytes", "Settings", "TextModels", "Suites", "CKernels"]),
  room("Tokenization", ["Parallel", "Settings", "Tokens", "CKernels"]),
  room("Composition", ["Bytes", "Settings", "Phases", "Blocks"]),
  room("EngineCPU", ["Parallel", "Training", "CKernels"]),
  room("Evaluation", ["Bytes", "Suites", "Training"]),
]

let houses: [Target] = [
  room(
    "DataAgent",
    [
      "Posix", "Bytes", "Parallel", "Settings", "Spool", "Documents", "Index", "Tokens", "Phases", "Blocks",
      "Decoding", "Classification", "Filtering", "Redaction", "Scoring", "Deduplication", "Decontamination",
      "Tokenization", "Composition", "Suites",
    ]),
  room(
    "TrainAgent",
    [
      "CKernels", "Posix", "Bytes", "Parallel", "Settings", "Spool", "Tokens", "Phases", "Blocks", "Training",
      "EngineCPU",
    ]),
  room(
    "EvalAgent",
    [
      "Posix", "Bytes", "Parallel", "Settings", "Spool", "Tokens", "Suites", "Training", "EngineCPU",
      "Evaluation",
    ]),
  room("Console", ["Posix", "Bytes", "Settings", "Spool"]),
]

let door: [Target] = [
  .executableTarget(
    name: "pretraind",
    dependencies: ([
      "DataAgent", "TrainAgent", "EvalAgent", "Console", "Posix", "Bytes", "Settings", "Spool", "Documents",
      "Tokens", "Blocks", "Training", "Decoding", "Classification", "Filtering", "Redaction", "Scoring",
      "Deduplication", "Decontamination",
      "Tokenization", "Parallel", "EngineCPU", "Text", "TextModels", "Phases", "Composition", "Evaluation",
      "Suites", "Index", "Journal",
    ]).map { .byName(name: $0) },
    swiftSettings: swift)
]

let tests: [Target] = [
  // What tests of several rooms share.
  .target(
    name: "Fixtures", dependencies: ["Bytes", "CZstd", "Posix"].map { .byName(name: $0) },
    path: "Tests/Fixtures/Sources", swiftSettings: swift),
  proof("Posix", ["Fixtures"]),
  proof("Bytes", ["CKernels", "Fixtures"]),
  proof("Parallel", []),
  proof("Journal", ["Bytes"]),
  proof("Settings", []),
  proof("Spool", ["Posix", "Bytes", "Fixtures"]),
  proof("Documents", ["Bytes"]),
  proof("Text", ["Bytes"]),
  proof("TextModels", ["Bytes", "CKernels", "Fixtures"]),
  proof("Index", ["Posix", "Bytes", "Fixtures"]),
  proof("Tokens", ["Bytes", "CKernels", "Fixtures"]),
  proof("Suites", ["Bytes"]),
  proof("Phases", ["Bytes", "Settings"]),
  proof("Blocks", ["Posix", "Bytes", "Fixtures"]),
  proof("Training", ["Posix", "Bytes", "Settings", "Fixtures"]),
  proof("Decoding", ["Bytes", "Documents", "Text"]),
  proof("Classification", ["Bytes", "Documents", "Settings", "Text", "TextModels", "CKernels", "Fixtures"]),
  proof("Filtering", ["Bytes", "Settings", "Documents", "CKernels", "Fixtures"]),
  proof("Redaction", ["Posix", "Bytes", "Settings", "Documents", "CKernels", "Fixtures"]),
  proof("Scoring", ["Bytes", "Documents", "TextModels"]),
  proof("Deduplication", ["Posix", "Bytes", "Settings", "Documents", "TextModels", "Index", "Fixtures"]),
  proof("Decontamination", ["Posix", "Bytes", "Settings", "Suites", "TextModels", "CKernels", "Fixtures"]),
  proof("Tokenization", ["Bytes", "Parallel", "Settings", "Tokens", "Fixtures"]),
  proof("Composition", ["Bytes", "Phases", "Fixtures"]),
  proof("EngineCPU", ["Parallel", "Training", "CKernels"]),
  proof("Evaluation", ["Bytes", "Suites", "Training"]),
  proof(
    "DataAgent",
    [
      "Posix", "Bytes", "Settings", "Spool", "Documents", "Phases", "Blocks", "Classification", "Filtering",
      "Deduplication", "Composition", "Decontamination", "Suites", "Fixtures",
    ]),
  proof("TrainAgent", ["Posix", "Bytes", "Spool", "Tokens", "Phases", "Blocks", "Training"]),
  proof(
    "EvalAgent",
    [
      "Posix", "Bytes", "Spool", "Training", "Suites", "Evaluation", "Parallel", "Tokens", "EngineCPU",
      "Fixtures",
    ]),
  proof("Console", ["Posix", "Bytes", "Spool", "Fixtures"]),
  // Scenes run the real binary in a temporary spool; Tidy holds the sources to the floors above.
  .testTarget(name: "SceneTests", dependencies: ["Posix", "Bytes", "Spool", "Fixtures"], swiftSettings: swift),
  .testTarget(
    name: "TidyTests", dependencies: ["Posix", "Settings", "Console", "pretraind"].map { .byName(name: $0) },
    swiftSettings: swift),
]

// Tests/Fuzz: entry points of the parsers that see foreign bytes. Usually a test that replays what was found; with
// PRETRAIND_FUZZ (tools/fuzz) a program that libFuzzer drives.
let entries: [Target.Dependency] = [
  "Posix", "Bytes", "Journal", "Settings", "Spool", "Documents", "Suites", "Phases", "Blocks", "Training", "Tokens",
  "Text", "TextModels", "Decoding", "Classification", "Filtering", "Redaction", "Scoring", "Deduplication",
  "Composition", "DataAgent", "CKernels",
].map { .byName(name: $0) }
let fuzz: [Target] =
  Context.environment["PRETRAIND_FUZZ"] == nil
  ? [
    .testTarget(
      name: "FuzzTests", dependencies: entries, path: "Tests/Fuzz", exclude: ["cases", "LibFuzzer.swift"],
      swiftSettings: swift)
  ]
  : [
    .executableTarget(
      name: "Fuzzer", dependencies: entries, path: "Tests/Fuzz", exclude: ["cases", "ReplayTests.swift"],
      swiftSettings: swift)
  ]

// Tests/Bench: measures what no command shows by itself; built with PRETRAIND_BENCH (tools/bench).
let bench: [Target] =
  Context.environment["PRETRAIND_BENCH"] == nil
  ? []
  : [
    .executableTarget(
      name: "Bench",
      dependencies: [
        "Posix", "Bytes", "Index", "Spool", "Tokens", "Parallel", "Phases", "Blocks", "Composition",
      ].map { .byName(name: $0) },
      path: "Tests/Bench",
      swiftSettings: swift)
  ]

let package = Package(
  name: "pretraind",
  products: [.executable(name: "pretraind", targets: ["pretraind"])],
  targets: bedrock + ground + materials + work + houses + door + tests + fuzz + bench)
