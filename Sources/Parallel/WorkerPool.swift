import Dispatch
import Synchronization

/// A fixed number of workers for loops whose iterations are independent.
///
/// The result of a loop must not depend on the number of workers: give every iteration its own place to write.
public final class WorkerPool: Sendable {
  public let threads: Int
  private let progress: (@Sendable () -> Void)?

  /// - Parameter progress: called by whoever ran a loop, when it is done: a sign of life of long work.
  public init(threads: Int, progress: (@Sendable () -> Void)? = nil) {
    precondition(threads > 0, "a worker pool needs at least one thread")
    self.threads = threads
    self.progress = progress
  }

  /// A sign of life between pieces of work that no loop here runs.
  public func tick() { progress?() }

  /// Runs `body(0) ... body(count - 1)`, each once, in any order; returns when all are done.
  public func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    defer { progress?() }
    if threads == 1 || count <= 1 {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        body(index)
      }
    }
  }

  /// `transform(0) ... transform(count - 1)` in order.
  public func map<Result: Sendable>(_ count: Int, _ transform: @Sendable (Int) -> Result) -> [Result] {
    let slots = Mutex([Result?](repeating: nil, count: count))
    run(count) { index in
      let result = transform(index)
      slots.withLock { $0[index] = result }
    }
    return slots.withLock { $0.map { $0! } }
  }
}
