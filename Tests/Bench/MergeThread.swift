import Index
import Posix
import Synchronization

/// A merge on a thread of its own, as the agent runs it.
final class MergeThread: Sendable {
  let merge: RunMerge
  private let result = Mutex<Result<Void, any Error>?>(nil)

  init(_ merge: RunMerge) throws {
    self.merge = merge
    try ServiceThread.start("merge") { [self] in
      let result = Result { try merge.run() }
      self.result.withLock { $0 = result }
    }
  }

  var isOver: Bool { result.withLock { $0 != nil } }
  var error: (any Error)? {
    if case .failure(let error) = result.withLock({ $0 }) { return error }
    return nil
  }
}
