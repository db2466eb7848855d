import Parallel
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 8, 64], [0, 1, 2, 7, 1000])
  func everyIndexOnce(_ threads: Int, _ count: Int) {
    let seen = Mutex([Int](repeating: 0, count: count))
    WorkerPool(threads: threads).run(count) { index in seen.withLock { $0[index] += 1 } }
    #expect(seen.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test(arguments: [1, 2, 16])
  func mapKeepsTheOrder(_ threads: Int) {
    #expect(WorkerPool(threads: threads).map(500) { $0 * $0 } == (0..<500).map { $0 * $0 })
    #expect(WorkerPool(threads: threads).map(0) { $0 } == [])
  }

  @Test func allIsDoneWhenItReturns() {
    let pool = WorkerPool(threads: 4)
    for round in 1...200 {
      let sum = Atomic<Int>(0)
      pool.run(round) { sum.wrappingAdd($0 + 1, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == round * (round + 1) / 2)
    }
  }

  /// A loop inside a loop must not wait for itself.
  @Test func loopsMayNest() {
    let pool = WorkerPool(threads: 3)
    let total = Atomic<Int>(0)
    pool.run(8) { _ in pool.run(8) { _ in total.wrappingAdd(1, ordering: .relaxed) } }
    #expect(total.load(ordering: .relaxed) == 64)
  }

  @Test func moreThreadsThanWorkNeverRunMore() {
    let running = Atomic<Int>(0)
    let most = Mutex(0)
    WorkerPool(threads: 2).run(50) { _ in
      let now = running.wrappingAdd(1, ordering: .relaxed).newValue
      most.withLock { $0 = max($0, now) }
      running.wrappingSubtract(1, ordering: .relaxed)
    }
    #expect(most.withLock { $0 } <= 2)
  }
}
