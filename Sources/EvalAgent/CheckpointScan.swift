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

  /// All committed checkpoints that stay, by tokens eaten, then lineage and name.
  func candidates() -> [Candidate] {
    var present: Set<CheckpointReference> = []
    for lineageFolder in (try? checkpoints.names()) ?? [] {
      guard let lineage = CheckpointReference.lineage(lineageFolder.description),
        let folder = try? checkpoints.open(lineageFolder), let names = try? folder.names()
      else { continue }
      for name in names {
        guard let parsed = CheckpointName(name.description), CheckpointScan.stays(parsed) else { continue }
        let reference = CheckpointReference(lineage: lineage, name: parsed)
        if known[reference] == nil { known[reference] = read(reference) }
        // Still there, and still committed.
        if folder.exists(name / "COMMIT.json") { present.insert(reference) }
      }
    }
    known = known.filter { present.contains($0.key) }
    return known.values.sorted {
      ($0.record.position.tokens, $0.reference.lineage, $0.reference.name.text)
        < ($1.record.position.tokens, $1.reference.lineage, $1.reference.name.text)
    }
  }

  /// The folder of a checkpoint, while it is there.
  func folder(_ reference: CheckpointReference) -> Directory? { try? checkpoints.open(Path(reference.text)) }

  /// Checkpoints made by the clock are removed at any moment.
  private static func stays(_ name: CheckpointName) -> Bool {
    if case .automatic = name { return false }
    return true
  }

  private func read(_ reference: CheckpointReference) -> Candidate? {
    guard let folder = folder(reference), let bytes = try? folder.read("COMMIT.json", limit: 1 << 24),
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
