import Posix
import Synchronization

/// Room kept back on the spool's file system, so that a role can finish what it has begun and say so when the disk is
/// full: `state/reserve/ROLE.0` ... `ROLE.7`, allocated at the start, given up piece by piece (bytes and an inode
/// each), made again when there is room. Nothing is in them; they may be removed at any time.
public final class DiskReserve: Sendable {
  public static let pieces = 8
  private let folder: Directory?
  private let role: String
  private let pieceBytes: Int
  private let held: Mutex<Set<Int>>

  /// - Parameter megabytes: all pieces together, at most a 256th of the file system; 0 keeps nothing back.
  public init(_ layout: SpoolLayout, role: String, megabytes: Int) {
    self.role = role
    let space = try? DiskSpace(of: layout.root)
    let most = space.map { $0.totalBytes / 256 } ?? Int.max
    let page = 4096
    pieceBytes = megabytes == 0 ? 0 : max(page, min(megabytes << 20, most) / DiskReserve.pieces / page * page)
    folder = megabytes == 0 ? nil : try? layout.state.make("reserve")
    held = Mutex([])
    for number in 0..<DiskReserve.pieces where !keepBack(number) { break }
  }

  static func name(_ role: String, _ number: Int) -> Path { Path("\(role).\(number)") }
  private func name(_ number: Int) -> Path { DiskReserve.name(role, number) }

  /// Makes one piece, or makes sure of one that is there; false when there is no room for it.
  private func keepBack(_ number: Int) -> Bool {
    guard let folder else { return false }
    do throws(SystemError) {
      let file = try folder.appendFile(name(number))
      try file.allocate(pieceBytes)
      _ = held.withLock { $0.insert(number) }
      return true
    } catch {
      try? folder.remove(name(number))
      return false
    }
  }

  /// Bytes that are kept back now.
  public var bytes: Int { held.withLock { $0.count } * pieceBytes }

  /// Gives one piece up; false when there is none left.
  public func giveUp() -> Bool {
    guard let folder, let number = held.withLock({ $0.popFirst() }) else { return false }
    do throws(SystemError) {
      try folder.remove(name(number))
      return true
    } catch {
      return error.isMissing
    }
  }

  /// Makes what was given up again, when there is plenty of room.
  public func restore(_ space: DiskSpace) {
    let missing = held.withLock { held in (0..<DiskReserve.pieces).filter { !held.contains($0) } }
    guard folder != nil, !missing.isEmpty, space.freeBytes > 4 * DiskReserve.pieces * pieceBytes,
      space.totalInodes == 0 || space.freeInodes > 4 * DiskReserve.pieces
    else { return }
    for number in missing where !keepBack(number) { break }
  }
}
