import Bytes
import Posix
import Spool
import Suites

/// The suites under `eval/suites/` as sources for decontamination: read when they are whole, again when they change.
final class SuiteFiles {
  private struct Known {
    let status: FileStatus
    let source: SuiteSource
  }

  private let folder: Directory
  /// A file is read when nothing touched it for this long (seconds).
  private let quiet: Double
  private var known: [String: Known] = [:]
  private var nextLook = -Double.infinity

  /// In order of their ids.
  private(set) var sources: [SuiteSource] = []
  /// Ids of suites that are being written: what is known of them is not what will be.
  private(set) var settling: Set<String> = []
  /// Ids of suites that may not be read, with the reason.
  private(set) var unreadable: [String: String] = [:]

  init(_ folder: Directory, quiet: Double) {
    self.folder = folder
    self.quiet = quiet
  }

  /// Looks at most every quarter of a second.
  func look() throws(SystemError) {
    let now = Clock.monotonic()
    if now < nextLook { return }
    nextLook = now + 0.25
    settling = []
    unreadable = [:]
    var present: Set<String> = []
    for kind in SuiteSource.Kind.allCases {
      let path = Path(kind.rawValue)
      guard try folder.isThere(path) else { continue }
      let items = try folder.open(path)
      for name in try items.names() where SuiteFiles.isSuite(name) { look(kind, name, items, &present) }
    }
    known = known.filter { present.contains($0.key) }
    sources = known.sorted { $0.key < $1.key }.map(\.value.source)
  }

  static func isSuite(_ name: Path) -> Bool { name.hasSuffix(".jsonl") && IncomingName.ignored(name) == nil }

  /// `NAME.jsonl` without its ending.
  private static func stem(_ name: Path) -> String { String(name.description.dropLast(6)) }

  private func look(_ kind: SuiteSource.Kind, _ name: Path, _ items: Directory, _ present: inout Set<String>) {
    let id = "\(kind.rawValue)/\(SuiteFiles.stem(name))"
    guard let status = try? items.status(name), status.kind == .regular else { return }
    present.insert(id)
    if let before = known[id], before.status.isSame(as: status) { return }
    let read: [UInt8]?
    do throws(SystemError) { read = isQuiet(status) ? try SuiteFiles.read(name, in: items) : nil } catch {
      unreadable[id] = "\(error)"
      return
    }
    guard let bytes = read, let after = try? items.status(name), after.isSame(as: status) else {
      settling.insert(id)
      return
    }
    known[id] = Known(status: status, source: SuiteSource(kind: kind, name: SuiteFiles.stem(name), bytes: bytes))
  }

  /// Both times are the machine's or its file server's; one in the future says nothing.
  private func isQuiet(_ status: FileStatus) -> Bool {
    let age = Clock.wall() - Double(status.modified) * 1e-9
    return age < 0 || age >= quiet
  }

  /// nil while somebody holds it open for writing, or when it went.
  private static func read(_ name: Path, in items: Directory) throws(SystemError) -> [UInt8]? {
    do throws(SystemError) {
      let file = try items.openFile(name)
      return file.probeReadLease() == .openForWriting ? nil : try file.readAll(limit: 1 << 30)
    } catch {
      if try items.isThere(name) { throw error }
      return nil
    }
  }

  /// Ids and digests of the suites that are there, without waiting for one that is being written.
  static func digests(_ folder: Directory) -> [String: String] {
    var found: [String: String] = [:]
    for kind in SuiteSource.Kind.allCases {
      guard let items = try? folder.open(Path(kind.rawValue)), let names = try? items.names() else { continue }
      for name in names where isSuite(name) {
        guard let bytes = try? items.read(name, limit: 1 << 30) else { continue }
        found["\(kind.rawValue)/\(stem(name))"] = Digest.hex(Digest.sha256(bytes))
      }
    }
    return found
  }
}
