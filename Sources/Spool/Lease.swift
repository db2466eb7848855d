import Bytes
import Posix
import Synchronization

/// One process at a time holds a role. The lock goes with the process; the epoch counts the holders, so that a process
/// that was overtaken (its lock did not reach the other machine, or was taken away) knows it and changes nothing more.
public final class Lease: Sendable, PublishPermit {
  public let role: String
  public let epoch: Int
  private let lock: File
  private let folder: Directory
  /// Our entry, byte for byte.
  private let record: [UInt8]
  /// The entry's file as it was when it was last found to be ours.
  private let seen: Mutex<FileStatus?>

  public enum Failure: Error, CustomStringConvertible {
    case held(role: String, by: String)
    case system(SystemError)

    public var description: String {
      switch self {
      case .held(let role, let holder):
        "another \(role) already works on this spool (\(holder)); stop it first, or use another --spool"
      case .system(let error): "\(error)"
      }
    }
  }

  /// Takes the lease of `role`, or says who holds it.
  public init(_ role: String, in layout: SpoolLayout, process: Int) throws(Failure) {
    self.role = role
    folder = layout.leases
    let entry = Lease.entry(role)
    do throws(SystemError) {
      lock = try folder.appendFile(Path(role + ".lock"))
      let isFree = try Lease.take(lock)
      // One that cannot be read is not none: its epoch must not come again.
      let before = try folder.readIfThere(entry).flatMap(Holder.init)
      epoch = (before?.epoch ?? 0) + (isFree ? 1 : 0)
      record = Holder(epoch: epoch, process: process, machine: Machine.name, since: Clock.wall()).bytes
      if isFree {
        try folder.replaceFile(entry, with: record)
        seen = Mutex(nil)
        return
      }
    } catch {
      throw .system(error)
    }
    throw .held(role: role, by: Lease.holder(role, in: folder))
  }

  /// Somebody who only looks whether the lock is free holds it for a moment.
  private static func take(_ lock: File) throws(SystemError) -> Bool {
    for _ in 0..<5 {
      if try lock.tryLock() { return true }
      Clock.sleep(0.02)
    }
    return false
  }

  /// Whether a process has the role now, on any machine whose locks reach here.
  public static func isHeld(_ role: String, in layout: SpoolLayout) -> Bool {
    isHeld(role, in: layout.root)
  }

  /// - Parameter root: of a spool whose folders need not all be there.
  public static func isHeld(_ role: String, in root: Directory) -> Bool {
    guard let lock = try? root.openFile(Path("state/leases/\(role).lock")) else { return false }
    return (try? lock.tryLock(shared: true)) == false
  }

  /// False when another process took the role over: then nothing may be published any more.
  /// What cannot be read says nothing: the write that is guarded fails with that error instead.
  public var isCurrent: Bool { !(refusal()?.isSuperseded ?? false) }

  /// Costs one look at a file while nothing changes.
  public func refusal() -> SystemError? {
    let entry = Lease.entry(role)
    return seen.withLock { seen in
      let now = folder.glance(entry)
      if let now, let known = seen, now.isSame(as: known) { return nil }
      do throws(SystemError) {
        guard try folder.readIfThere(entry) == record else {
          return .superseded(folder.path / entry, by: takeover)
        }
      } catch {
        return error
      }
      seen = now
      return nil
    }
  }

  /// Who has the role, for people.
  public var takeover: String {
    "the role \(role) was taken over by another process (\(Lease.holder(role, in: folder))); nothing more is written "
      + "by this one"
  }

  public struct Lost: Error, CustomStringConvertible {
    public let description: String
  }

  /// To be thrown when it is no longer current.
  public var lost: Lost { Lost(description: takeover) }

  static func entry(_ role: String) -> Path { Path(role + ".json") }

  private static func holder(_ role: String, in folder: Directory) -> String {
    (try? folder.read(entry(role))).flatMap(Holder.init)?.description ?? "unknown process"
  }
}

/// What `state/leases/ROLE.json` says.
struct Holder: CustomStringConvertible {
  let epoch: Int
  let process: Int
  let machine: String
  let since: Double

  init(epoch: Int, process: Int, machine: String, since: Double) {
    self.epoch = epoch
    self.process = process
    self.machine = machine
    self.since = since
  }

  init?(_ bytes: [UInt8]) {
    guard let json = try? JSONParser.parse(bytes), let epoch = json["epoch"]?.integer else { return nil }
    self.epoch = epoch
    process = json["pid"]?.integer ?? 0
    machine = json["host"]?.string ?? ""
    since = json["since"]?.number ?? 0
  }

  var bytes: [UInt8] {
    JSONWriter.compact(
      .object([
        "epoch": .integer(epoch), "pid": .integer(process), "host": .string(machine), "since": .number(since),
      ]))
  }

  var description: String {
    var text = "pid \(process)"
    if !machine.isEmpty { text += " on \(machine)" }
    if since > 0 { text += " since \(Clock.stamp(since))" }
    return text + ", epoch \(epoch)"
  }
}

extension Lease.Failure: SystemFailure {
  public var systemError: SystemError? { if case .system(let error) = self { error } else { nil } }
}
