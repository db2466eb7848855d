import Bytes
import Deduplication
import Index
import Posix
import Spool

/// What the next start finds of the index of duplicates: the rows X of docs/SPOOL.md.
struct IndexCheck {
  let root: Directory
  /// Documents of each batch.
  let batches: [Int]
  let isDeep: Bool

  func run(_ findings: inout SpoolFindings) throws {
    guard let folder = try root.openIfThere("state/index") else { return }
    let runs = try RunFolder(folder, format: DocumentSketch.indexFormat, knows: knows).look()
    findings.say("index", "\(runs.count { $0.kind == .run }) runs")
    for (name, kind) in runs {
      guard let reason = IndexKeeper.reason(kind) else { continue }
      findings.add(kind == .covered ? "X3" : "X2", .removed, "state/index/\(name)", reason)
    }
    if isDeep { try lookDeep(folder, runs.filter { $0.kind == .run }.map(\.name), &findings) }
  }

  /// No start reads a run to its end.
  private func lookDeep(_ folder: Directory, _ whole: [Path], _ findings: inout SpoolFindings) throws {
    let runs = try RunFolder(folder, format: DocumentSketch.indexFormat, isDeep: true, knows: knows).look()
    for (name, kind) in runs where whole.contains(name) {
      guard case .damaged(let reason) = kind else { continue }
      findings.add("X5", .left, "state/index/\(name)", "\(reason); rm it: its documents are then indexed again")
    }
  }

  /// Whether the batches have this document.
  private func knows(_ witness: RunWitness) -> Bool {
    var first = 0
    for (number, count) in batches.enumerated() {
      if Int(witness.ordinal) < first + count {
        guard let corpus = try? root.open("corpus"), let batch = try? CorpusBatch(CorpusName(number), in: corpus),
          batch.count == count
        else { return false }
        return DocumentRecord(batch.record(Int(witness.ordinal) - first)).id == witness.id
      }
      first += count
    }
    return false
  }
}
