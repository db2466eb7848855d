import Bytes
import Posix

/// Band keys to the documents that have them: the young ones in memory, the others in sorted runs on disk.
///
/// Each document is held in one place at most. Runs are never changed; documents in them that are no longer wanted are
/// passed over by whoever asks, and left out when runs are merged. Used by one thread, but for `RunMerge`.
public final class BandStore {
  private var table: BandTable
  private var young = YoungDocuments()
  /// In the order of their spills.
  private(set) var runs: [BandRun] = []
  private var folder: Directory?
  private var format = 0
  private var nextSpill = 1
  private var merging: RunMerge?

  /// - Parameter megabytes: of memory for young documents; a batch more is taken until `spill`.
  public init(megabytes: Double = 64) { table = BandTable(bytes: Int(megabytes * 1_000_000)) }

  /// Keys in memory, runs and their bytes on disk.
  public var figures: (young: Int, runs: Int, entries: Int, bytes: Int) {
    (table.count, runs.count, runs.reduce(0) { $0 + $1.header.entries }, runs.reduce(0) { $0 + $1.bytes })
  }

  public func holds(_ ordinal: UInt32) -> Bool {
    young.number(ordinal) != nil || runs.contains { $0.holds(ordinal) }
  }

  /// Adds a document, below 2^31, under its keys, which have to be hashes. Nothing happens when it is held.
  public func add(_ ordinal: UInt32, _ keys: [UInt64]) {
    if holds(ordinal) { return }
    let number = young.add(ordinal)
    for key in keys { table.add(BandKey.short(key), number) }
  }

  /// Takes a document out where that is cheap; in a run it stays.
  public func remove(_ ordinal: UInt32, _ keys: [UInt64]) {
    guard let number = young.remove(ordinal) else { return }
    for key in keys { table.remove(BandKey.short(key), number) }
  }

  /// True of a document whose `remove` needs its keys.
  public func isYoung(_ ordinal: UInt32) -> Bool { young.number(ordinal) != nil }

  /// The documents that share at least `least` of the keys, ascending, with how many they share; some of them may have
  /// been removed.
  public func sharing(_ wanted: [UInt64], atLeast least: Int) -> [(ordinal: UInt32, shared: Int)] {
    var found: [UInt32] = []
    let keys = wanted.map(BandKey.short)
    for key in keys { table.forEach(key) { found.append(young.ordinal($0)) } }
    for run in runs { run.find(keys, into: &found) }
    if found.isEmpty { return [] }
    found.sort()
    var result: [(ordinal: UInt32, shared: Int)] = []
    var start = 0
    for index in 1...found.count where index == found.count || found[index] != found[start] {
      if index - start >= least { result.append((found[start], index - start)) }
      start = index
    }
    return result
  }

  // MARK: Runs

  /// Takes up the runs of a folder and removes from it what is of no use. What they hold need not be added any more.
  /// May be repeated when it fails.
  /// - Returns: what was removed, and why.
  public func open(_ found: RunFolder) throws(SystemError) -> [(name: Path, kind: RunFolder.Kind)] {
    folder = found.folder
    format = found.format
    runs = []
    var removed: [(name: Path, kind: RunFolder.Kind)] = []
    for entry in try found.sort() {
      // A number is not used again while a reader may have its file.
      if let name = RunName(entry.path) { nextSpill = max(nextSpill, name.last + 1) }
      if entry.kind == .run, let run = entry.run {
        runs.append(run)
      } else {
        try found.folder.remove(entry.path)
        removed.append((entry.path, entry.kind))
      }
    }
    runs.sort { $0.name.first < $1.name.first }
    return removed
  }

  /// True when memory is used up: time to `spill`, when every document is durable.
  public var isFull: Bool {
    folder != nil && (table.count * 8 >= table.room * 7 || young.used >= YoungDocuments.most / 4 * 3)
  }

  /// Writes all young documents as a run and forgets them, but for those that are not alive, which go. May be repeated
  /// when it fails.
  /// - Parameter identify: the identifier of a document.
  public func spill(alive: OrdinalSet, _ identify: (UInt32) -> Identifier) throws(SystemError) {
    guard let folder, let bounds = young.bounds else { return }
    let name = RunName(first: nextSpill, last: nextSpill)
    do throws(SystemError) {
      var writer = try RunWriter(name, in: folder, format: format, documents: bounds, capacity: table.count)
      try table.forEach { (key, number) throws(SystemError) in
        let ordinal = young.ordinal(number)
        if alive.contains(ordinal) { try writer.append(key, ordinal) }
      }
      try writer.publish(RunWitness(ordinal: bounds.upperBound, id: identify(bounds.upperBound)))
    } catch {
      // What a full disk cut off must not keep the room that others wait for.
      try? folder.remove(Directory.temporary(name.path))
      throw error
    }
    runs.append(try reopen(name, folder))
    nextSpill += 1
    table.removeAll()
    young = YoungDocuments()
  }

  private func reopen(_ name: RunName, _ folder: Directory) throws(SystemError) -> BandRun {
    do {
      return try BandRun(name, in: folder, format: format)
    } catch let error as SystemError {
      throw error
    } catch {
      throw SystemError("read", folder.path / name.path, code: SystemError.inputOutput)
    }
  }

  /// Neighbouring runs that are due to be merged; nil when there are none, or while they are. Of any two neighbours the
  /// older is kept at least three times the size of all that is younger, so that few have to be asked and each entry is
  /// written few times.
  public func nextMerge(alive: OrdinalSet) -> RunMerge? {
    guard merging == nil, let folder, runs.count > 1 else { return nil }
    var first = runs.count - 1
    var entries = runs[first].header.entries
    while first > 0, runs[first - 1].header.entries < 3 * entries {
      first -= 1
      entries += runs[first].header.entries
    }
    if first == runs.count - 1 { return nil }
    merging = RunMerge(Array(runs[first...]), in: folder, format: format, alive: alive)
    return merging
  }

  /// Takes up what a merge wrote, and removes what it read.
  /// - Returns: documents that are alive now and were not when the merge began: they are held no more.
  public func install(_ merge: RunMerge, alive: OrdinalSet) throws(SystemError) -> [UInt32] {
    guard let folder, let first = runs.firstIndex(where: { $0 === merge.inputs[0] }) else { return [] }
    let merged = try reopen(merge.name, folder)
    merging = nil
    runs.replaceSubrange(first..<(first + merge.inputs.count), with: [merged])
    // One that stays is removed by the next start.
    for run in merge.inputs { try? folder.remove(run.name.path) }
    return lost(merge.inputs, alive)
  }

  /// After a merge that failed: its runs stay, but for one that is damaged, which goes.
  /// - Returns: why, and the documents that are held no more.
  public func giveUp(_ merge: RunMerge, _ error: any Error, alive: OrdinalSet) -> (reason: String, lost: [UInt32])? {
    merging = nil
    if error is RunMerge.Cancelled { return nil }
    guard let damaged = error as? RunMerge.Damaged, let folder,
      let index = runs.firstIndex(where: { $0.name == damaged.name })
    else { return ("\(error)", []) }
    let run = runs.remove(at: index)
    try? folder.remove(run.name.path)
    return ("\(folder.path / damaged.name.path): \(damaged.reason)", lost([run], alive))
  }

  /// Live documents of these runs that none holds now.
  private func lost(_ gone: [BandRun], _ alive: OrdinalSet) -> [UInt32] {
    var found: [UInt32] = []
    for run in gone {
      for word in 0..<run.header.words {
        var bits = run.held(word)
        while bits != 0 {
          let ordinal = UInt32((run.header.firstWord + word) * 64 + bits.trailingZeroBitCount)
          if alive.contains(ordinal) && !holds(ordinal) { found.append(ordinal) }
          bits &= bits - 1
        }
      }
    }
    return found
  }
}
