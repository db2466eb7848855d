import Bytes
import Posix
import Synchronization

/// Neighbouring runs made into one, without documents that are not kept: work for a thread of its own, for runs never
/// change.
public final class RunMerge: Sendable {
  let inputs: [BandRun]
  let name: RunName
  private let folder: Directory
  private let format: Int
  private let alive: OrdinalSet
  private let isCancelled = Atomic<Bool>(false)

  /// One of the runs is not what was written.
  struct Damaged: Error {
    let name: RunName
    let reason: String
  }

  /// It was told to stop.
  struct Cancelled: Error {}

  init(_ inputs: [BandRun], in folder: Directory, format: Int, alive: OrdinalSet) {
    self.inputs = inputs
    self.folder = folder
    self.format = format
    self.alive = alive
    name = RunName(first: inputs[0].name.first, last: inputs[inputs.count - 1].name.last)
  }

  /// Entries to go through, those of dropped documents too.
  public var entries: Int { inputs.reduce(0) { $0 + $1.header.entries } }

  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Writes the run. What was written of it is removed when this fails.
  public func run() throws {
    do {
      try write()
    } catch {
      try? folder.remove(Directory.temporary(name.path))
      throw error
    }
  }

  private func write() throws {
    var cursors = try inputs.map { RunCursor(try open($0.name)) }
    let first = inputs.map { Int($0.header.base) }.min() ?? 0
    let last = inputs.map { Int($0.header.base) + $0.header.words * 64 - 1 }.max() ?? 0
    var writer = try RunWriter(
      name, in: folder, format: format, documents: UInt32(first)...UInt32(last), capacity: entries)
    cursors = cursors.indices.compactMap { index in
      var cursor = cursors[index]
      return cursor.next() ? cursor : nil
    }
    var done = 0
    while !cursors.isEmpty {
      var least = 0
      for index in cursors.indices.dropFirst() where cursors[index].key < cursors[least].key { least = index }
      if cursors[least].isHeld, alive.contains(cursors[least].ordinal) {
        try writer.append(cursors[least].key, cursors[least].ordinal)
      }
      if !cursors[least].next() { cursors.remove(at: least) }
      done += 1
      if done & 0xFFFF == 0, isCancelled.load(ordering: .relaxed) { throw Cancelled() }
    }
    let witnesses = inputs.map(\.header.witness)
    try writer.publish(witnesses.max { $0.ordinal < $1.ordinal }!)
  }

  /// Mapped once more, to be read from end to end. What is damaged must not be handed on.
  private func open(_ name: RunName) throws -> BandRun {
    do {
      let run = try BandRun(name, in: folder, format: format, order: .sequential)
      try run.verify()
      return run
    } catch let damage as BandRun.Damage {
      throw Damaged(name: name, reason: damage.description)
    }
  }
}
