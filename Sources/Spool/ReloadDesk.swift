import Posix

/// What a process makes of a configuration that it was asked to read again.
public enum ReloadVerdict: Equatable, Sendable {
  /// Nothing that this role obeys is different; it goes on.
  case unchanged
  /// These keys; it leaves in order and begins anew with them.
  case changed([String])
  /// It goes on with what it has, and says why.
  case refused(String)
}

/// How a house is left.
public enum Departure: Sendable {
  case left
  /// In order, to begin anew with the configuration as it is now.
  case reload
}

/// Open reloads: those that this role answers for, and those that another role linked to this one.
struct ReloadDesk {
  var requests: [Int: ControlRequest] = [:]
  /// `.for-ROLE-R-NAME` in `control/`, a hard link to the taken file.
  var links: [Path] = []
  /// Requests for which this role left and began anew: the process was made after them.
  var begunAnew: Set<Int> = []
  /// What the answer says already.
  var said: [Int: String] = [:]
  /// When a role was first seen to be gone.
  var absent: [String: Double] = [:]

  static func prefix(_ role: ControlRole) -> String { ".for-\(role.rawValue)-" }

  static func link(_ role: ControlRole, _ sequence: Int, _ name: Path) -> Path {
    Path(Array(prefix(role).utf8) + ControlSequence.prefix(sequence, name).bytes)
  }

  /// Numbers of the linked requests.
  func linked(_ role: ControlRole) -> [Int] { links.compactMap { ReloadDesk.sequence($0, role) } }

  static func sequence(_ link: Path, _ role: ControlRole) -> Int? {
    ControlSequence.split(Path(Array(link.bytes.dropFirst(prefix(role).utf8.count))))?.sequence
  }
}
