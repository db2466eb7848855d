import Deduplication
import Dispatch
import Glibc
import Index
import Posix
import Spool
import Synchronization

/// Keeps the index of duplicates within its memory: what is full becomes a run on disk, and runs are merged beside the
/// work (docs/SPOOL.md, section 18). Nothing of it is needed after a crash: the journal says which documents are kept,
/// their sketches are in their batches.
final class IndexKeeper {
  private let state: AgentState
  private let say: (String) -> Void
  private var work: Work?
  /// A merge that failed is tried again after the next spill.
  private var mayMerge = true

  init(_ state: AgentState, say: @escaping (String) -> Void) {
    self.state = state
    self.say = say
  }

  private var index: BandStore { state.deduplicator.index }

  /// Why a run goes; nil = it stays.
  static func reason(_ kind: RunFolder.Kind) -> String? {
    switch kind {
    case .run: nil
    case .covered: "a merged run holds all of it"
    case .damaged(let reason): "\(reason); its documents are indexed again from their batches"
    }
  }

  /// Takes up the runs that are there. The table of documents has to be.
  func open() throws {
    guard state.settings.dedupe.enabled else { return }
    let table = state.table
    let folder = RunFolder(state.layout.index, format: DocumentSketch.indexFormat) { witness in
      Int(witness.ordinal) < table.count && table.id(Int(witness.ordinal)) == witness.id
    }
    let removed = try state.patience.wait { () throws(SystemError) in try index.open(folder) }
    for (name, kind) in removed {
      say("recovery: removed state/index/\(name): \(IndexKeeper.reason(kind) ?? "")")
    }
  }

  func spillIfFull() throws {
    guard index.isFull else { return }
    ServiceNotify.beat()
    let state = state
    try state.patience.wait { () throws(SystemError) in
      try index.spill(alive: state.deduplicator.kept) { state.table.id(Int($0)) }
    }
    mayMerge = true
    ServiceNotify.beat()
  }

  /// Between two pieces of work, when every document is committed.
  func settle() throws {
    try takeMerged()
    try spillIfFull()
    if work == nil, mayMerge, let merge = index.nextMerge(alive: state.deduplicator.kept) { start(merge) }
  }

  /// Waits for the merge in hand, unless asked to stop: a run that ends when idle would never come to the end of one.
  func finish() throws {
    while let work, !Signals.stopRequested {
      if work.isOver(within: 0.25) { try takeMerged() }
      ServiceNotify.beat()
    }
  }

  /// Gives up the merge in hand: another process makes it anew.
  func close() {
    guard let work else { return }
    work.merge.cancel()
    while !work.isOver(within: 1) {}
    _ = index.giveUp(work.merge, GivenUp(work: "merging"), alive: state.deduplicator.kept)
    self.work = nil
  }

  private func start(_ merge: RunMerge) {
    let work = Work(merge)
    do {
      try work.start()
      self.work = work
    } catch {
      give(up: merge, error)
    }
  }

  private func takeMerged() throws {
    guard let work, let failed = work.outcome else { return }
    self.work = nil
    if let failed { return give(up: work.merge, failed) }
    let state = state
    var lost: [UInt32] = []
    try state.patience.wait { () throws(SystemError) in
      lost = try index.install(work.merge, alive: state.deduplicator.kept)
    }
    state.deduplicator.indexAgain(lost)
  }

  private func give(up merge: RunMerge, _ error: any Error) {
    mayMerge = false
    guard let (reason, lost) = index.giveUp(merge, error, alive: state.deduplicator.kept) else { return }
    say("index: runs were not merged: \(reason)")
    state.deduplicator.indexAgain(lost)
  }

  /// A merge on a thread of its own.
  private final class Work: Sendable {
    let merge: RunMerge
    private let result = Mutex<Result<Void, any Error>?>(nil)
    private let over = DispatchSemaphore(value: 0)

    init(_ merge: RunMerge) { self.merge = merge }

    func start() throws(SystemError) {
      try ServiceThread.start("merge") { [self] in
        let result = Result { try merge.run() }
        self.result.withLock { $0 = result }
        over.signal()
      }
    }

    /// nil while it runs; then the error, if there was one.
    var outcome: (any Error)?? {
      switch result.withLock({ $0 }) {
      case nil: nil
      case .success: .some(nil)
      case .failure(let error): .some(error)
      }
    }

    func isOver(within seconds: Double) -> Bool {
      if outcome != nil { return true }
      return over.wait(timeout: .now() + seconds) == .success
    }
  }
}
