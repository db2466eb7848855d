import Bytes
import Posix

/// One process at a time holds a role. The lock goes with the process; the epoch counts the holders, so that what an
/// earlier holder wrote can be told from what the present one writes.
public final class Lease: Sendable {
  public let role: String
  public let epoch: Int
  private let lock: File
  private let folder: Directory

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
    do throws(SystemError) {
      lock = try folder.appendFile(Path(role + ".lock"))
      let free = try lock.tryLock()
      epoch = Lease.lastEpoch(role, in: folder) + (free ? 1 : 0)
      if free {
        let record = JSONValue.object(["epoch": .integer(epoch), "pid": .integer(process)])
        try folder.replaceFile(Path(role + ".json"), with: JSONWriter.compact(record))
        return
      }
    } catch {
      throw .system(error)
    }
    let holder = (try? folder.read(Path(role + ".json"))).map { String(decoding: $0, as: UTF8.self) }
    throw .held(role: role, by: holder ?? "unknown process")
  }

  /// False when another process took the role over: then nothing may be published any more.
  public var isCurrent: Bool { Lease.lastEpoch(role, in: folder) == epoch }

  private static func lastEpoch(_ role: String, in folder: Directory) -> Int {
    guard let bytes = try? folder.read(Path(role + ".json")), let value = try? JSONParser.parse(bytes) else { return 0 }
    return value["epoch"]?.integer ?? 0
  }
}

extension Lease.Failure: SystemFailure {
  public var systemError: SystemError? { if case .system(let error) = self { error } else { nil } }
}
