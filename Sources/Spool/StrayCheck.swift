import Posix

/// What lies in a spool and is no part of it: temporaries of dead processes, and what nothing here knows.
public struct StrayCheck {
  private let root: Directory
  /// Paths of which something was said already.
  private let told: Set<String>
  private var findings = SpoolFindings()
  private var looked = 0

  /// - Parameter findings: of the other checks: what they name is not named again.
  public init(_ root: Directory, after findings: SpoolFindings) {
    self.root = root
    told = Set(findings.list.map(\.path))
  }

  public mutating func look() throws(SystemError) -> SpoolFindings {
    for place in SpoolPlace.all {
      for (path, folder) in SpoolPattern.folders(place.folder, in: root) { try look(place, path, folder) }
    }
    if let rejected = try? root.open("rejected") { try lookForReasons(rejected, "rejected") }
    findings.say("names", "\(looked) looked at")
    return findings
  }

  private mutating func look(_ place: SpoolPlace, _ path: Path, _ folder: Directory) throws(SystemError) {
    for name in try folder.names() {
      looked += 1
      let file = "\(path)/\(name)"
      if told.contains(file) { continue }
      if let role = place.writer(ofTemporary: name) {
        findings.add("S1", .removed, file, "\(SpoolTemporaries.reason); by the \(role.rawValue)")
      } else if !place.knows(name), try !isPlace(path / name, folder.statusIfThere(name)) {
        findings.add("S2", .left, file, "no part of a spool: nothing reads it; mv it away, or rm it")
      }
    }
  }

  /// A folder that has a table entry, or whose content another check judges.
  private func isPlace(_ path: Path, _ status: FileStatus?) -> Bool {
    // It went meanwhile.
    guard let status else { return true }
    guard status.kind == .directory else { return false }
    let parts = path.components
    if parts.count == 2, parts[0] == "checkpoints", SpoolPattern.matches("g#", parts[1].bytes) { return true }
    return SpoolPlace.all.contains { place in
      let pattern = place.folder.split(separator: "/").map(String.init)
      return pattern.count == parts.count && zip(pattern, parts).allSatisfy { SpoolPattern.matches($0, $1.bytes) }
    }
  }

  /// A reason is written before the file it is of: the start that finishes the rejection writes it anew.
  private mutating func lookForReasons(_ folder: Directory, _ path: Path) throws(SystemError) {
    for name in try folder.names() {
      let file = "\(path / name)"
      if name.hasPrefix("."), name.hasSuffix(".reason.json.tmp") {
        let isBeingRejected = told.contains { $0.hasPrefix("state/claimed/") }
        findings.add(
          isBeingRejected ? "F7" : "S2", isBeingRejected ? .finished : .left, file,
          isBeingRejected ? "written anew with its file" : "the reason of a file that is not here; rm it")
      } else if try folder.statusIfThere(name)?.kind == .directory {
        try lookForReasons(try folder.open(name), path / name)
      }
    }
  }
}
