import Bytes
import Posix
import Spool

/// What the evaluator's next start would find, without touching anything: the rows R of docs/SPOOL.md.
public struct EvaluatorCheck {
  private let root: Directory
  private var findings = SpoolFindings()
  private var results = 0

  public init(_ root: Directory) { self.root = root }

  public mutating func look() throws -> SpoolFindings {
    guard let folder = try? root.open("eval/results") else { return findings }
    for label in try folder.names() where !label.hasPrefix(".") {
      // `latest` is a link and is not followed.
      guard let inside = try? folder.open(label) else { continue }
      try look(inside, label)
    }
    findings.say("results", "\(results) result files")
    return findings
  }

  private mutating func look(_ folder: Directory, _ label: Path) throws {
    let suffix = ".details.jsonl"
    for name in try folder.names() {
      let path = "eval/results/\(label)/\(name)"
      if name.hasPrefix("."), name.hasSuffix(".tmp") {
        findings.add("R3", .removed, path, "not finished when the evaluator ended")
      } else if name.hasSuffix(suffix) {
        if folder.exists(Path(Array(name.bytes.dropLast(suffix.utf8.count)) + Array(".json".utf8))) { continue }
        findings.add("R1", .remade, path, "details without their result: evaluated again")
      } else if name.hasSuffix(".json") {
        results += 1
        if let bytes = try? folder.read(name), let json = try? JSONParser.parse(bytes),
          ResultRecord(json, label: label.description) != nil
        {
          continue
        }
        findings.add("R4", .left, path, "no result; the result is made beside it")
      }
    }
  }
}
