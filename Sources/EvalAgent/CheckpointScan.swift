import Bytes
import Posix
import Training

/// A checkpoint that may be evaluated.
struct Candidate {
  let record: CommitRecord

  var reference: CheckpointReference { record.reference }
  /// Folder of its results: `g0001-part-00010`.
  var label: String { CheckpointReference.folder(reference.lineage) + "-" + reference.name.text }
}

/// Finds committed checkpoints. What was read once is remembered: a checkpoint never changes.
final class CheckpointScan {
  private let checkpoints: Directory
  private var known: [CheckpointReference: Candidate] = [:]
  /// The disk did not say everything at the last look, so that a checkpoint that was not found may be there.
  private(set) var isUncertain = false

  init(_ checkpoints: Directory) { self.checkpoints = checkpoints }

  /// All committed checkpoints that stay, by tokens eaten, then lineage and name.
  func candidates() -> [Candidate] {
    isUncertain = false
    var present: Set<CheckpointReference> = []
    for lineageFolder in found({ () throws(SystemError) in try checkpoints.names() }) ?? [] {
      guard let lineage = CheckpointReference.lineage(lineageFolder.description),
        let folder = found({ () throws(SystemError) in try checkpoints.open(lineageFolder) }),
        let names = found({ () throws(SystemError) in try folder.names() })
      else { continue }
      for name in names {
        guard let parsed = CheckpointName(name.description), CheckpointScan.stays(parsed) else { continue }
        let reference = CheckpointReference(lineage: lineage, name: parsed)
        if known[reference] == nil { known[reference] = read(reference) }
        // Still there, and still committed.
        let isThere = found { () throws(SystemError) in try folder.isThere(name / "COMMIT.json") }
        if isThere ?? true { present.insert(reference) }
      }
    }
    known = known.filter { present.contains($0.key) }
    return known.values.sorted {
      ($0.record.position.tokens, $0.reference.lineage, $0.reference.name.text)
        < ($1.record.position.tokens, $1.reference.lineage, $1.reference.name.text)
    }
  }

  /// The folder of a checkpoint, while it is there.
  func folder(_ reference: CheckpointReference) throws(SystemError) -> Directory? {
    try checkpoints.openIfThere(Path(reference.text))
  }

  /// False only when it is certain that the checkpoint went.
  func isThere(_ reference: CheckpointReference) -> Bool {
    (try? checkpoints.isThere(Path(reference.text) / "COMMIT.json")) ?? true
  }

  /// Checkpoints made by the clock are removed at any moment.
  private static func stays(_ name: CheckpointName) -> Bool {
    if case .automatic = name { return false }
    return true
  }

  /// nil when it is not there, or when the disk does not say.
  private func found<Value>(_ look: () throws(SystemError) -> Value) -> Value? {
    do throws(SystemError) {
      return try look()
    } catch {
      if !error.isMissing && !error.isLasting { isUncertain = true }
      return nil
    }
  }

  private func read(_ reference: CheckpointReference) -> Candidate? {
    let file = Path(reference.text) / "COMMIT.json"
    guard let bytes = found({ () throws(SystemError) in try checkpoints.read(file, limit: 1 << 24) }),
      let json = try? JSONParser.parse(bytes), let record = CommitRecord(json), record.reference == reference
    else { return nil }
    return Candidate(record: record)
  }
}

extension EvaluateSettings {
  /// Whether this checkpoint is evaluated without being asked for.
  func includes(_ name: CheckpointName) -> Bool {
    switch name {
    case .initial: checkpoints.contains("init")
    case .part(let block): checkpoints.contains("part") && block % every == 0
    case .save: checkpoints.contains("save")
    case .automatic: false
    }
  }
}
