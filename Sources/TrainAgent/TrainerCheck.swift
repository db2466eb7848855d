import Bytes
import Posix
import Spool
import Training

/// What the trainer's next start would find, without touching anything: the rows P of docs/SPOOL.md.
public struct TrainerCheck {
  private let root: Directory
  private let run: String
  private var findings = SpoolFindings()

  public init(_ root: Directory, run: String) {
    self.root = root
    self.run = run
  }

  public mutating func look() throws -> SpoolFindings {
    guard let checkpoints = try? root.open("checkpoints") else { return findings }
    let store = CheckpointStore(checkpoints)
    for path in try store.unfinished() {
      findings.add("P1", .removed, "checkpoints/\(path)", "not finished when the trainer ended")
    }
    let records = try store.lineages().flatMap { try store.list(lineage: $0) }
    let folder = try? root.open(Path("runs/\(run)"))
    let ledger = try folder.flatMap { try self.ledger($0) }
    let (head, isReadable) = try folder.map { try self.head($0) } ?? (nil, true)
    let isFound = try isReadable && findHalfDone(ledger ?? [], head, store)
    if head == nil, isReadable, !isFound, let last = records.last {
      findings.add(
        "P5", .refused, "runs/\(run)/\(Head.file)",
        "missing, but there are checkpoints (\(last.reference.text)); restore it, or move checkpoints/ away to start anew"
      )
    }
    try checkDigests(records, store, head)
    try checkNames(records, store)
    findings.say("run", "\(run): \(head?.checkpoint.text ?? "no HEAD"), \(ledger?.count ?? 0) ledger records")
    findings.say("checkpoints", "\(records.count) in \(try store.lineages().count) lineages, every digest compared")
    return findings
  }

  private mutating func ledger(_ folder: Directory) throws -> [Ledger.Record]? {
    do {
      let peek = try Ledger.peek(in: folder)
      if peek.torn > 0 {
        findings.add("P9", .removed, "runs/\(run)/\(Ledger.file)", "\(peek.torn) bytes of a line that was never whole")
      }
      return peek.records
    } catch let failure as Ledger.Failure {
      findings.add("P10", .refused, "runs/\(run)/\(Ledger.file)", "\(failure)")
      return nil
    }
  }

  private mutating func head(_ folder: Directory) throws -> (Head?, isReadable: Bool) {
    do throws(Head.Failure) {
      return (try Head.read(in: folder), true)
    } catch {
      findings.add("P4", .refused, "runs/\(run)/\(Head.file)", "\(error)")
      return (nil, false)
    }
  }

  /// Between the ledger's plan and HEAD; false when there is nothing.
  private mutating func findHalfDone(
    _ ledger: [Ledger.Record], _ head: Head?, _ store: CheckpointStore
  ) throws -> Bool {
    let path = "runs/\(run)/\(Head.file)"
    if let head, let planned = ledger.last(where: { $0.kind == .rollbackPlanned }).flatMap({ RollbackPlan($0.json) }) {
      let noted = ledger.last { $0.kind == .rollback }?.json["new_lineage"]?.integer
      if head.lineage < planned.lineage {
        findings.add("P7", .finished, path, "the rollback to \(planned.target.text) is carried out")
        return true
      }
      if noted != planned.lineage {
        findings.add("P8", .adopted, path, "the rollback to \(planned.target.text) is recorded")
      }
    }
    let text = ledger.last { $0.kind == .checkpointPlanned }?.json["checkpoint"]?.string
    guard let wanted = text.flatMap(CheckpointReference.init), wanted != head?.checkpoint,
      wanted.lineage == head?.lineage ?? 0
    else { return false }
    if let record = try store.record(wanted) {
      guard record.position.step >= head?.step ?? 0 else { return false }
      findings.add("P2", .adopted, "checkpoints/\(wanted.text)", "published: HEAD moves to it")
    } else {
      findings.add("P3", .remade, "checkpoints/\(wanted.text)", "planned, not published: trained again from HEAD")
    }
    return true
  }

  /// Folders that are no checkpoints, and files of checkpoints that their COMMIT.json does not name.
  private mutating func checkNames(_ records: [CommitRecord], _ store: CheckpointStore) throws {
    let known = Dictionary(records.map { (Path($0.reference.text), $0) }) { first, _ in first }
    for lineage in try store.lineages() {
      let folder = Path(CheckpointReference.folder(lineage))
      for name in try root.open("checkpoints").open(folder).names() where !name.hasPrefix(".") {
        let path = folder / name
        guard let record = known[path] else {
          findings.add(
            "P13", .left, "checkpoints/\(path)", "no checkpoint: no COMMIT.json, or files that it names are not there")
          continue
        }
        let files = Set(record.files.map { Path($0.name) } + [CheckpointStore.commitFile])
        for file in try root.open("checkpoints").open(path).names() where !files.contains(file) {
          findings.add("S2", .left, "checkpoints/\(path)/\(file)", "COMMIT.json does not name it")
        }
      }
    }
  }

  private mutating func checkDigests(_ records: [CommitRecord], _ store: CheckpointStore, _ head: Head?) throws {
    for record in records where try !store.isIntact(record) {
      findings.add(
        record.reference == head?.checkpoint ? "P6" : "P11", .refused, "checkpoints/\(record.reference.text)",
        "a file does not have the digest in COMMIT.json: it was damaged on the disk")
    }
    if let head, try store.record(head.checkpoint) == nil {
      findings.add(
        "P6", .refused, "checkpoints/\(head.checkpoint.text)", "HEAD names it, but it is not there or files are missing"
      )
    }
  }
}
