import Bytes
import Posix
import Spool

/// What dead agents left about records they had in hand: the rows F14 to F17.
struct SuspectsCheck {
  private let folder: Directory
  private let claims: [Int: Claim]

  /// - Parameter folder: `state`.
  init(_ folder: Directory, _ claims: [Int: Claim]) {
    self.folder = folder
    self.claims = claims
  }

  func look() -> SpoolFindings {
    var findings = SpoolFindings()
    let suspects = SuspectList.read(in: folder)
    lookAtSlots(counted: suspects?.counted ?? 0, &findings)
    let path = "state/\(SuspectList.name)"
    if suspects == nil, folder.exists(SuspectList.name) {
      findings.add("F16", .remade, path, "unreadable: taken as empty")
    }
    let over = suspects?.entries.keys.filter { SuspectList.isOver($0, claims) }.count ?? 0
    if over > 0 { findings.add("F15", .removed, path, "\(over) entries of records that are committed") }
    let live = (suspects?.entries.count ?? 0) - over
    if live > 0 { findings.say("suspects", "\(live) records were in hand when the agent died") }
    if folder.exists(RecordTrial.orderName) {
      findings.add("F17", .removed, "state/\(RecordTrial.orderName)", "the order of a trial whose agent died")
    }
    return findings
  }

  private func lookAtSlots(counted: Int, _ findings: inout SpoolFindings) {
    let path = "state/\(WorkingSlots.name)"
    guard folder.exists(WorkingSlots.name) else { return }
    guard let left = WorkingSlots.left(in: folder), left.run != counted else {
      findings.add("F14", .removed, path, "of an agent that died; counted, or nothing is in it")
      return
    }
    findings.add("F14", .goesOn, path, "\(left.records.count) records were in hand when the agent died: counted")
  }
}
