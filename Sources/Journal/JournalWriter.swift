/// Appends records with group commit: what was added becomes durable together, at `commit()` or after 64 records.
///
/// The file and the clock are the caller's: closures write, sync and tell the time. A failed write must leave the file
/// as it was; the group waits and is written by the next commit. A failed sync leaves the writer broken for good,
/// because a retried fsync can claim what is not on the disk.
public final class JournalWriter<Failure: Error> {
  public private(set) var chain: JournalChain
  private var pending: [UInt8] = []
  private var pendingRecords = 0
  private var broken: Failure?
  private let append: ([UInt8]) throws(Failure) -> Void
  private let sync: () throws(Failure) -> Void
  private let canTryAgain: (Failure) -> Bool
  private let now: () -> Double
  private var groupBegan = 0.0
  public static var groupLimit: Int { 64 }
  /// Seconds after which the next record closes its group.
  public static var groupSeconds: Double { 0.005 }

  /// - Parameters:
  ///   - now: seconds that never jump; without it only the number of records closes a group.
  ///   - canTryAgain: asked after a failed write (never after a failed sync); true writes the group once more.
  public init(
    chain: JournalChain, append: @escaping ([UInt8]) throws(Failure) -> Void,
    sync: @escaping () throws(Failure) -> Void, now: @escaping () -> Double = { 0 },
    canTryAgain: @escaping (Failure) -> Bool = { _ in false }
  ) {
    self.chain = chain
    self.canTryAgain = canTryAgain
    self.now = now
    self.append = append
    self.sync = sync
  }

  /// Adds a record to the open group.
  public func add(_ record: [UInt8]) throws(Failure) {
    if pendingRecords == 0 { groupBegan = now() }
    pending += chain.seal(record)
    pendingRecords += 1
    if pendingRecords >= Self.groupLimit || now() - groupBegan >= Self.groupSeconds { try commit() }
  }

  /// Adds records and makes them durable; when the write fails they are not added, so that it can be tried again.
  public func write(_ records: [[UInt8]]) throws(Failure) {
    let before = (chain: chain, bytes: pending.count, records: pendingRecords)
    do throws(Failure) {
      if pendingRecords == 0 { groupBegan = now() }
      for record in records { pending += chain.seal(record) }
      pendingRecords += records.count
      try commit()
    } catch {
      if broken == nil {
        chain = before.chain
        pending.removeLast(pending.count - before.bytes)
        pendingRecords = before.records
      }
      throw error
    }
  }

  /// Makes all that was added durable.
  public func commit() throws(Failure) {
    if let broken { throw broken }
    if pendingRecords == 0 { return }
    try write()
    do throws(Failure) {
      try sync()
    } catch {
      broken = error
      throw error
    }
    pending.removeAll(keepingCapacity: true)
    pendingRecords = 0
  }

  private func write() throws(Failure) {
    while true {
      do throws(Failure) { return try append(pending) } catch {
        if !canTryAgain(error) { throw error }
      }
    }
  }
}
