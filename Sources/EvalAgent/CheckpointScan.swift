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

  init(_ checkpoints: Directory) { self.checkpoints = checkpoints }

  /// A look failed, for the machine's reasons: what was known stays, and the next look tries again.
  private(set) var isUnread = false

  /// All committed checkpoints that stay, by tokens eaten, then lineage and name.
  func candidates() -> [Candidate] {
    isUnread = false
    var present: Set<CheckpointReference> = []
    looking(keeping: { _ in true }, &present) { (present) throws(SystemError) in
      for name in try checkpoints.names() {
        guard let lineage = CheckpointReference.lineage(name.description) else { continue }
        look(lineage, name, &present)
      }
    }
    known = known.filter { present.contains($0.key) }
    return known.values.sorted {
      ($0.record.position.tokens, $0.reference.lineage, $0.reference.name.text)
        < ($1.record.position.tokens, $1.reference.lineage, $1.reference.name.text)
    }
  }

  private func look(_ lineage: Int, _ folderName: Path, _ present: inout Set<CheckpointReference>) {
    looking(keeping: { $0.lineage == lineage }, &present) { (present) throws(SystemError) in
      guard let folder = try checkpoints.openIfThere(folderName) else { return }
      for name in try folder.names() {
        guard let parsed = CheckpointName(name.description), CheckpointScan.stays(parsed) else { continue }
        let reference = CheckpointReference(lineage: lineage, name: parsed)
        looking(keeping: { $0 == reference }, &present) { (present) throws(SystemError) in
          // Still there, and still committed.
          guard try folder.isThere(name / "COMMIT.json") else { return }
          if known[reference] == nil { known[reference] = try read(reference) }
          present.insert(reference)
        }
      }
    }
  }

  /// What cannot be looked at for the machine's reasons is as it was.
  private func looking(
    keeping isMeant: (CheckpointReference) -> Bool, _ present: inout Set<CheckpointReference>,
    _ body: (inout Set<CheckpointReference>) throws(SystemError) -> Void
  ) {
    do throws(SystemError) {
      try body(&present)
    } catch {
      if error.isLasting { return }
      isUnread = true
      present.formUnion(known.keys.filter(isMeant))
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

  private func read(_ reference: CheckpointReference) throws(SystemError) -> Candidate? {
    let bytes = try checkpoints.read(Path(reference.text) / "COMMIT.json", limit: 1 << 24)
    guard let json = try? JSONParser.parse(bytes), let record = CommitRecord(json), record.reference == reference
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
