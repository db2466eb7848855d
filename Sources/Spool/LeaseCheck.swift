import Posix

/// Who has the roles, and whether the room they keep back is there: the rows L and V.
public struct LeaseCheck {
  private let root: Directory

  public init(_ root: Directory) { self.root = root }

  public func look() throws(SystemError) -> SpoolFindings {
    var findings = SpoolFindings()
    guard let leases = try root.openIfThere("state/leases") else { return findings }
    var holders: [String] = []
    for role in ControlRole.allCases {
      let entry = Lease.entry(role.rawValue)
      guard let bytes = try leases.readIfThere(entry, limit: 1 << 20) else { continue }
      let holder = Holder(bytes)
      let path = "state/leases/\(entry)"
      if holder == nil { findings.add("L4", .removed, path, "says no epoch: written anew by the next holder") }
      if Lease.isHeld(role.rawValue, in: root) {
        findings.add(
          "L2", .left, path, "held by \(holder?.description ?? "an unknown process"): a second one ends with 75")
      }
      holders.append("\(role.rawValue) \(holder.map { "epoch \($0.epoch)" } ?? "unknown")")
      try lookAtReserve(role, &findings)
    }
    if !holders.isEmpty { findings.say("leases", holders.joined(separator: ", ")) }
    return findings
  }

  /// How much is kept back is the configuration's to say; a piece that keeps less than its fellows is what is told.
  private func lookAtReserve(_ role: ControlRole, _ findings: inout SpoolFindings) throws(SystemError) {
    guard let folder = try root.openIfThere("state/reserve") else { return }
    var pieces: [(name: Path, status: FileStatus?)] = []
    for number in 0..<DiskReserve.pieces {
      let name = DiskReserve.name(role.rawValue, number)
      pieces.append((name, try folder.statusIfThere(name)))
    }
    let bytes = pieces.compactMap(\.status?.size).max() ?? 0
    for (name, status) in pieces where bytes > 0 {
      let path = "state/reserve/\(name)"
      if let status {
        if status.size == bytes, status.allocated > 0 { continue }
        findings.add("V1", .remade, path, "keeps less back than \(bytes) bytes: allocated when there is room")
      } else {
        findings.add("V1", .remade, path, "given up, or removed: made again when there is room")
      }
    }
  }
}
