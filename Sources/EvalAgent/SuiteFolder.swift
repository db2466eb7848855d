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
  /// Suites whose files are still being written, or cannot be read just now.
  private var settling: Set<String> = []
  /// A folder could not be read just now.
  private var isUncertain = false
  /// What was found is not all there is.
  var isSettling: Bool { isUncertain || !settling.isEmpty }

  init(_ root: Directory, kinds: [SuiteKind], quiet: Double) {
    self.root = root
    self.kinds = kinds
    self.quiet = quiet
  }

  func scan(now: Double) {
    settling = []
    isUncertain = false
    var present: Set<String> = []
    for kind in kinds {
      guard let (folder, names) = open(kind) else {
        if isUncertain { present.formUnion(entries.keys.filter { $0.hasPrefix("\(kind.rawValue)/") }) }
        continue
      }
      for name in SuiteFolder.suiteNames(names) {
        let id = "\(kind.rawValue)/\(name)"
        present.insert(id)
        look(kind, name, id, folder, now: now)
      }
      removeOldReports(names, kind, folder, present)
    }
    entries = entries.filter { present.contains($0.key) }
    let sorted = entries.sorted { $0.key < $1.key }
    suites = sorted.compactMap { try? $0.value.outcome.get() }
    broken = sorted.compactMap { entry in
      guard case .failure(let error) = entry.value.outcome else { return nil }
      return Broken(id: entry.key, error: error)
    }
  }

  /// nil when nothing was dropped for the kind, or when the disk does not say.
  private func open(_ kind: SuiteKind) -> (Directory, [Path])? {
    do throws(SystemError) {
      let folder = try root.open(Path(kind.rawValue))
      return (folder, try folder.names())
    } catch {
      if !error.isMissing && !error.isLasting { isUncertain = true }
      return nil
    }
  }

  /// Whether a suite that is asked for by this name, `ppl/zh`, `zh`, `ppl-zh` or nothing for any, was not found but may
  /// be at the next look.
  func mayStillCome(_ text: String) -> Bool {
    isUncertain
      || settling.contains { id in
        let name = id.drop { $0 != "/" }.dropFirst()
        return text.isEmpty || id == text || name == text || "\(id.prefix { $0 != "/" })-\(name)" == text
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

  private func look(_ kind: SuiteKind, _ name: String, _ id: String, _ folder: Directory, now: Double) {
    let itemsName = Path(escaped: name) + ".jsonl"
    let settingsName = Path(escaped: name) + ".json5"
    let settings: FileStatus?
    let found: FileStatus?
    do throws(SystemError) {
      settings = try folder.statusIfThere(settingsName)
      found = try folder.statusIfThere(itemsName)
    } catch {
      settling.insert(id)
      return
    }
    guard let items = found else {
      let error = SuiteError(
        file: "\(id).json5", reason: "there is no \(name).jsonl beside it",
        remedy: "drop the items, or remove this file")
      entries[id] = nil
      if let settings { note(id, Entry(items: settings, settings: nil, outcome: .failure(error)), kind, name, folder) }
      return
    }
    if let entry = entries[id], entry.items.isSame(as: items), same(entry.settings, settings) { return }
    if !isQuiet(items, now) || !(settings.map { isQuiet($0, now) } ?? true) {
      settling.insert(id)
      return
    }
    guard let bytes = readWhole(itemsName, folder), let after = try? folder.status(itemsName), after.isSame(as: items)
    else {
      settling.insert(id)
      return
    }
    var settingsBytes: [UInt8]?
    if settings != nil, kind == .benchmark {
      settingsBytes = readWhole(settingsName, folder)
      if settingsBytes == nil {
        settling.insert(id)
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
  private func readWhole(_ name: Path, _ folder: Directory) -> [UInt8]? {
    guard let file = try? folder.openFile(name), file.probeReadLease() != .openForWriting else { return nil }
    return try? file.readAll(limit: 1 << 30)
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

extension SuiteError {
  var json: JSONValue {
    .object([
      "file": .string(file), "line": line > 0 ? .integer(line) : .null, "reason": .string(reason),
      "remedy": .string(remedy),
    ])
  }
}
