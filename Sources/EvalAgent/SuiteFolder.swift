import Bytes
import Posix
import Suites

/// The suites that were dropped. A broken one is reported beside its file and never blocks another.
final class SuiteFolder {
  private struct Entry {
    let items: FileStatus
    let settings: FileStatus?
    let outcome: Result<Suite, SuiteError>
  }

  struct Broken {
    let id: String
    let error: SuiteError
  }

  private let root: Directory
  private let kinds: [SuiteKind]
  /// A file is read when nothing touched it for this long (seconds).
  private let quiet: Double
  private var entries: [String: Entry] = [:]

  private(set) var suites: [Suite] = []
  private(set) var broken: [Broken] = []
  /// A file is still being written, or could not be looked at, so that what was found is not all there is.
  private(set) var isSettling = false
  /// A look failed, for the machine's reasons: what was known of those suites stays, and the next look tries again.
  private(set) var isUnread = false

  init(_ root: Directory, kinds: [SuiteKind], quiet: Double) {
    self.root = root
    self.kinds = kinds
    self.quiet = quiet
  }

  /// True for a suite that can be used, by any of its names.
  func knows(_ name: String) -> Bool { suites.contains { $0.isCalled(name) } }

  func scan(now: Double) {
    isSettling = false
    isUnread = false
    var present: Set<String> = []
    for kind in kinds {
      do throws(SystemError) {
        guard let folder = try root.openIfThere(Path(kind.rawValue)) else { continue }
        let names = try folder.names()
        for name in SuiteFolder.suiteNames(names) { present.insert("\(kind.rawValue)/\(name)") }
        removeOldReports(names, kind, folder, present)
        for name in SuiteFolder.suiteNames(names) { look(kind, name, folder, now: now) }
      } catch {
        if error.isLasting { continue }
        present.formUnion(entries.keys.filter { $0.hasPrefix("\(kind.rawValue)/") })
        waitForAnotherLook()
      }
    }
    entries = entries.filter { present.contains($0.key) }
    let sorted = entries.sorted { $0.key < $1.key }
    suites = sorted.compactMap { try? $0.value.outcome.get() }
    broken = sorted.compactMap { entry in
      guard case .failure(let error) = entry.value.outcome else { return nil }
      return Broken(id: entry.key, error: error)
    }
  }

  /// Names of `.jsonl` files that are not marked as unfinished; a `.json5` without one is named too, to be reported.
  private static func suiteNames(_ names: [Path]) -> [String] {
    var found: Set<String> = []
    for name in names where !name.hasPrefix(".") && !name.hasPrefix("README") {
      let text = name.description
      for suffix in [".jsonl", ".json5"] where text.hasSuffix(suffix) {
        found.insert(String(text.dropLast(suffix.count)))
      }
    }
    return found.sorted()
  }

  private func waitForAnotherLook() {
    isSettling = true
    isUnread = true
  }

  private func look(_ kind: SuiteKind, _ name: String, _ folder: Directory, now: Double) {
    do throws(SystemError) {
      try examine(kind, name, "\(kind.rawValue)/\(name)", folder, now: now)
    } catch {
      // What only a person can change is waited for like a file that is being written, but keeps nobody else waiting.
      isSettling = true
      isUnread = isUnread || !error.isLasting
    }
  }

  private func examine(
    _ kind: SuiteKind, _ name: String, _ id: String, _ folder: Directory, now: Double
  ) throws(SystemError) {
    let itemsName = Path(escaped: name) + ".jsonl"
    let settingsName = Path(escaped: name) + ".json5"
    let settings = try folder.statusIfThere(settingsName)
    guard let items = try folder.statusIfThere(itemsName) else {
      let error = SuiteError(
        file: "\(id).json5", reason: "there is no \(name).jsonl beside it",
        remedy: "drop the items, or remove this file")
      entries[id] = nil
      if let settings { note(id, Entry(items: settings, settings: nil, outcome: .failure(error)), kind, name, folder) }
      return
    }
    if let entry = entries[id], entry.items.isSame(as: items), same(entry.settings, settings) { return }
    if !isQuiet(items, now) || !(settings.map { isQuiet($0, now) } ?? true) {
      isSettling = true
      return
    }
    guard let bytes = try readWhole(itemsName, folder), try folder.statusIfThere(itemsName)?.isSame(as: items) == true
    else {
      isSettling = true
      return
    }
    var settingsBytes: [UInt8]?
    if settings != nil, kind == .benchmark {
      settingsBytes = try readWhole(settingsName, folder)
      if settingsBytes == nil {
        isSettling = true
        return
      }
    }
    let outcome = Result { () throws(SuiteError) in
      try Suite.read(kind: kind, name: name, items: bytes, settings: settingsBytes)
    }
    note(id, Entry(items: items, settings: settings, outcome: outcome), kind, name, folder)
  }

  private func same(_ a: FileStatus?, _ b: FileStatus?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.isSame(as: b)
  }

  private func isQuiet(_ status: FileStatus, _ now: Double) -> Bool {
    let age = now - Double(status.modified) * 1e-9
    return age < 0 || age >= quiet
  }

  /// nil while somebody holds the file open for writing, or when it went.
  private func readWhole(_ name: Path, _ folder: Directory) throws(SystemError) -> [UInt8]? {
    do throws(SystemError) {
      let file = try folder.openFile(name)
      return file.probeReadLease() == .openForWriting ? nil : try file.readAll(limit: 1 << 30)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// Remembers the outcome and writes or removes `NAME.error.json`. A folder that may not be written to is no reason to
  /// stop: the status file says the same.
  private func note(_ id: String, _ entry: Entry, _ kind: SuiteKind, _ name: String, _ folder: Directory) {
    entries[id] = entry
    let report = Path(escaped: name) + ".error.json"
    switch entry.outcome {
    case .success: if folder.exists(report) { try? folder.remove(report) }
    case .failure(let error):
      let bytes = JSONWriter.pretty(error.json)
      if (try? folder.read(report)) != bytes { try? folder.replaceFile(report, with: bytes, durable: false) }
    }
  }

  private func removeOldReports(_ names: [Path], _ kind: SuiteKind, _ folder: Directory, _ present: Set<String>) {
    let suffix = ".error.json"
    for name in names where name.hasSuffix(suffix) && !name.hasPrefix(".") {
      if !present.contains("\(kind.rawValue)/\(name.description.dropLast(suffix.count))") { try? folder.remove(name) }
    }
  }
}

extension Suite {
  /// True for `ppl/zh`, `zh` and `ppl-zh`.
  func isCalled(_ text: String) -> Bool { [id, name, fileStem].contains(text) }
}

extension SuiteError {
  var json: JSONValue {
    .object([
      "file": .string(file), "line": line > 0 ? .integer(line) : .null, "reason": .string(reason),
      "remedy": .string(remedy),
    ])
  }
}
