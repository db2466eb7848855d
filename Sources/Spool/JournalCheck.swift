import Bytes
import Posix

/// The journal at rest: chain, segments, snapshots, what a start would mend.
public enum JournalCheck {
  private static let path = "state/journal"

  /// - Parameter each: called with the records that make up the present state.
  /// - Returns: false when a start would refuse the journal: then nothing that depends on it can be said.
  public static func run(
    _ folder: Directory, _ findings: inout SpoolFindings, each: (JSONValue) throws -> Void
  ) throws -> Bool {
    var records = 0
    do {
      let end = try JournalReader(folder).replay { record in
        records += 1
        try each(record)
      }
      note(end, folder, &findings)
      let base = end.snapshot.map { "from snapshot \($0), " } ?? ""
      findings.say("journal", "\(base)segment \(end.segment), \(records) records read")
      for name in try folder.names() where name.hasPrefix(".") && name.hasSuffix(".tmp") {
        findings.add("J9", .removed, "\(path)/\(name)", "a temporary of a process that died")
      }
      return true
    } catch let failure as JournalFile.Failure {
      findings.add(failure.row, .refused, path, "\(failure)")
      findings.say("journal", "not whole")
      return false
    }
  }

  private static func note(_ end: JournalReader.End, _ folder: Directory, _ findings: inout SpoolFindings) {
    let segment = "\(path)/\(JournalName.segment(end.segment))"
    if end.torn > 0 { findings.add("J1", .removed, segment, "\(end.torn) bytes at its end are of a line never whole") }
    if !end.exists, end.snapshot != nil {
      findings.add("J7", .finished, segment, "its snapshot is there, the segment is begun")
    }
    for (number, reason) in end.refused {
      let isStale = reason.contains("went on without it")
      findings.add(isStale ? "J8" : "J6", .removed, "\(path)/\(JournalName.snapshot(number))", "of no use: \(reason)")
    }
  }
}

extension JournalFile.Failure {
  /// The row of docs/SPOOL.md that says so.
  var row: String {
    switch self {
    case .damaged, .unreadable: "J2"
    case .missing: "J3"
    case .disconnected, .cutShort, .unknown: "J4"
    }
  }
}
