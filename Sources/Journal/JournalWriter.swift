/// Appends records with group commit: what was added becomes durable together, at `commit()` or after 64 records.
///
/// The file is the caller's: two closures write and sync. A failed write must leave the file as it was; the group waits
/// and is written by the next commit. A failed sync leaves the writer broken for good, because a retried fsync can
/// claim
/// what is not on the disk.
public final class JournalWriter<Failure: Error> {
  private var chain: JournalChain
  private var pending: [UInt8] = []
  private var pendingRecords = 0
  private var broken: Failure?
  private let append: ([UInt8]) throws(Failure) -> Void
  private let sync: () throws(Failure) -> Void
  private let canTryAgain: (Failure) -> Bool
  public static var groupLimit: Int { 64 }

  /// - Parameter canTryAgain: asked after a failed write (never after a failed sync); true writes the group once more.
  public init(
    chain: JournalChain, append: @escaping ([UInt8]) throws(Failure) -> Void,
    sync: @escaping () throws(Failure) -> Void, canTryAgain: @escaping (Failure) -> Bool = { _ in false }
  ) {
    self.chain = chain
    self.canTryAgain = canTryAgain
    self.append = append
    self.sync = sync
  }

  /// Adds a record to the open group.
  public func add(_ record: [UInt8]) throws(Failure) {
    pending += chain.seal(record)
    pendingRecords += 1
    if pendingRecords >= Self.groupLimit { try commit() }
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
