import Posix

/// Which names a folder of the spool holds, and who writes them. `#` stands for digits, `*` for anything.
struct SpoolPlace {
  /// Relative to the spool.
  let folder: String
  /// Written under a temporary name first: what a dead process left of one is removed by the next start of that role.
  var written: [ControlRole: [String]] = [:]
  /// Everything else that belongs there.
  var others: [String] = []
  /// People bring files of their own there.
  var isShared = false

  func knows(_ name: Path) -> Bool {
    isShared || (written.values.joined() + others).contains { SpoolPattern.matches($0, name.bytes) }
  }

  /// Whose unfinished file it is; nil: nobody's who is known.
  func writer(ofTemporary name: Path) -> ControlRole? {
    guard name.hasPrefix("."), name.hasSuffix(".tmp") else { return nil }
    let inner = Array(name.bytes.dropFirst().dropLast(".tmp".utf8.count))
    return ControlRole.allCases.first { role in
      (written[role] ?? []).contains { SpoolPattern.matches($0, inner) }
    }
  }

  private static let readme = "README"

  /// Every folder whose content is ours to judge, but `control/`, `checkpoints/gNNNN/` and those below shared ones.
  static let all: [SpoolPlace] = [
    SpoolPlace(folder: "incoming", written: [.agent: ["incoming.FULL", ".README"]], isShared: true),
    SpoolPlace(folder: "rejected", written: [.agent: [readme]], isShared: true),
    SpoolPlace(folder: "labels", written: [.agent: [readme]], isShared: true),
    SpoolPlace(folder: "control", written: [.agent: [readme]], isShared: true),
    SpoolPlace(folder: "filtered", written: [.agent: [readme]]),
    SpoolPlace(folder: "filtered/*", written: [.agent: ["sample.jsonl"]]),
    SpoolPlace(
      folder: "state", written: [.agent: ["working", "suspects.json", "trial.json", readme]]),
    SpoolPlace(folder: "state/journal", others: ["#.jsonl", "#.snapshot"]),
    SpoolPlace(folder: "state/claimed", others: ["#", "#.bad.jsonl"]),
    SpoolPlace(folder: "state/index", written: [.agent: ["run-#-#.bands"]]),
    SpoolPlace(folder: "state/documents", written: [.agent: ["rows-#-#.table"]]),
    SpoolPlace(folder: "state/survey", written: [.agent: ["run-#-#.bands"]]),
    SpoolPlace(folder: "state/draws", written: [.agent: ["part-#.r#.draw"]]),
    SpoolPlace(
      folder: "state/leases",
      written: [.agent: ["agent.json"], .trainer: ["trainer.json"], .evaluator: ["evaluator.json"]],
      others: ["agent.lock", "trainer.lock", "evaluator.lock"]),
    SpoolPlace(folder: "state/reserve", others: ["agent.#", "trainer.#", "evaluator.#"]),
    SpoolPlace(
      folder: "corpus", written: [.agent: [readme]], others: ["#.jsonl.zst", "#.meta", "#.json", "#.*.bin", "#.*.idx"]),
    SpoolPlace(folder: "tokenizer", written: [.agent: ["tokenizer.json", "tokenizer_config.json", readme]]),
    SpoolPlace(
      folder: "blocks", written: [.agent: [readme]],
      others: ["json", "bin", "idx", "channels", "r#.bin", "r#.idx", "r#.channels", "r#.withdrawn"].map {
        "part-#.\($0)"
      }
    ),
    SpoolPlace(folder: "checkpoints", written: [.agent: [readme], .trainer: ["latest"]]),
    SpoolPlace(folder: "runs", written: [.agent: [readme]]),
    SpoolPlace(
      folder: "runs/*", written: [.trainer: ["HEAD.json", "HEAD.prev.json", "ledger.jsonl"]],
      others: ["metrics.jsonl", "schedule.jsonl"]),
    SpoolPlace(folder: "runs/*/tb"),
    SpoolPlace(folder: "runs/*/tb/*", others: ["events.out.tfevents.*"]),
    SpoolPlace(folder: "runs/*/engine", isShared: true),
    SpoolPlace(folder: "eval", written: [.agent: [readme]]),
    SpoolPlace(folder: "eval/suites"),
    SpoolPlace(folder: "eval/suites/*", written: [.evaluator: ["*.error.json"]], isShared: true),
    SpoolPlace(folder: "eval/contamination", written: [.agent: ["*.json"]]),
    SpoolPlace(folder: "eval/results", written: [.evaluator: ["latest"]]),
    SpoolPlace(folder: "eval/results/*", others: ["*.json", "*.details.jsonl"]),
    SpoolPlace(folder: "eval/trends", written: [.evaluator: ["*.csv"]]),
    SpoolPlace(
      folder: "status",
      written: [
        .agent: ["agent.json", "status.txt", "metrics.prom", "index.html", readme], .trainer: ["trainer.json"],
        .evaluator: ["evaluator.json"],
      ]),
  ]
}

enum SpoolPattern {
  /// Whether a name is one of a pattern's.
  static func matches(_ pattern: String, _ name: [UInt8]) -> Bool { matches(Array(pattern.utf8)[...], name[...]) }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    guard let sign = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    switch sign {
    case UInt8(ascii: "*"):
      return (name.startIndex...name.endIndex).contains { matches(rest, name[$0...]) }
    case UInt8(ascii: "#"):
      let digits = name.prefix { $0 >= 0x30 && $0 <= 0x39 }
      return !digits.isEmpty && matches(rest, name[digits.endIndex...])
    default:
      return name.first == sign && matches(rest, name.dropFirst())
    }
  }

  /// The folders below `root` that a path of patterns names. Links are not followed.
  static func folders(_ pattern: String, in root: Directory) -> [(path: Path, directory: Directory)] {
    var found: [(path: Path, directory: Directory)] = [(Path([]), root)]
    for part in pattern.split(separator: "/").map(String.init) {
      found = found.flatMap { parent in
        let names =
          part.contains("*") ? ((try? parent.directory.names()) ?? []).filter { !$0.hasPrefix(".") } : [Path(part)]
        return names.compactMap { name in
          (try? parent.directory.open(name)).map { (parent.path / name, $0) }
        }
      }
    }
    return found
  }
}

/// Temporaries of files that one role alone writes, anywhere in the spool.
public enum SpoolTemporaries {
  static let reason = "not finished when its writer ended"

  /// Removes what a dead process of this role left. Only for the holder of its lease.
  public static func remove(of role: ControlRole, in layout: SpoolLayout) throws(SystemError) {
    for place in SpoolPlace.all where place.written[role] != nil {
      for (_, folder) in SpoolPattern.folders(place.folder, in: layout.root) {
        for name in try folder.names() where place.writer(ofTemporary: name) == role { try folder.remove(name) }
      }
    }
  }
}
