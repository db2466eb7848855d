import Glibc
import Parallel
import Synchronization
import Testing

@Suite struct WorkerStreamTests {
  private struct Broken: Error, Equatable { let at: Int }

  /// Runs `count` pieces through; returns what was delivered, and the most that were under way at once.
  private static func run(
    _ threads: Int, _ count: Int, failing: (fetch: Int?, deliver: Int?) = (nil, nil)
  ) -> (delivered: [Int], most: Int, error: Broken?) {
    let fetched = Mutex(0)
    let delivered = Mutex<[Int]>([])
    let most = Mutex(0)
    var error: Broken?
    do {
      try WorkerPool(threads: threads).stream(
        next: { () throws -> Int? in
          let piece = fetched.withLock { $0 }
          if piece == failing.fetch { throw Broken(at: piece) }
          if piece == count { return nil }
          fetched.withLock { $0 += 1 }
          let done = delivered.withLock { $0.count }
          most.withLock { $0 = max($0, piece + 1 - done) }
          return piece
        },
        work: { (piece: Int) in if piece % 7 == 0 { usleep(300) } },
        deliver: { (piece: Int) in
          if piece == failing.deliver { throw Broken(at: piece) }
          delivered.withLock { $0.append(piece) }
        })
    } catch let broken as Broken { error = broken } catch { Issue.record(error) }
    return (delivered.withLock { $0 }, most.withLock { $0 }, error)
  }

  @Test(arguments: [1, 2, 3, 8], [0, 1, 5, 500])
  func everyPieceOnceAndInOrder(_ threads: Int, _ count: Int) {
    let (delivered, most, error) = Self.run(threads, count)
    #expect(delivered == Array(0..<count) && error == nil)
    #expect(most <= threads * WorkerPool.streamDepth, "no more than \(threads * WorkerPool.streamDepth) under way")
  }

  @Test(arguments: [1, 2, 8], [0, 3, 40])
  func whatWasFetchedBeforeAFailureIsDelivered(_ threads: Int, _ bad: Int) {
    let (delivered, _, error) = Self.run(threads, 100, failing: (fetch: bad, deliver: nil))
    #expect(delivered == Array(0..<bad) && error == Broken(at: bad))
  }

  @Test(arguments: [1, 2, 8], [0, 3, 40])
  func nothingIsDeliveredAfterAFailure(_ threads: Int, _ bad: Int) {
    let (delivered, _, error) = Self.run(threads, 10_000, failing: (fetch: nil, deliver: bad))
    #expect(delivered == Array(0..<bad) && error == Broken(at: bad))
  }
}
