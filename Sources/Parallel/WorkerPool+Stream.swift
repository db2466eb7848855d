import Dispatch
import Synchronization

extension WorkerPool {
  /// Runs a stream through the workers: pieces are fetched one after another, worked on side by side and delivered one
  /// after another in the order in which they were fetched.
  ///
  /// `next` runs by itself, and so does `deliver`, each on any of the workers. Between them there are never more than
  /// `threads` times `streamDepth` pieces, so memory does not grow with the stream; a worker whose piece is not due yet
  /// goes on with another one. The first error ends the stream: what was fetched before a failing `next` is still
  /// delivered, nothing is delivered after a failing `deliver`.
  public func stream<Piece: Sendable>(
    next: @Sendable () throws -> Piece?, work: @Sendable (Piece) -> Void, deliver: @Sendable (Piece) throws -> Void
  ) throws {
    if threads == 1 {
      while let piece = try next() {
        work(piece)
        try deliver(piece)
        tick()
      }
      return
    }
    let order = StreamOrder<Piece>(room: threads * WorkerPool.streamDepth)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while let (number, piece) = order.take(next) {
        work(piece)
        order.give(number, piece, deliver)
        tick()
      }
    }
    try order.finish()
  }

  /// Pieces a worker may be ahead of the one that is due.
  public static let streamDepth = 4
}

/// Which piece is the next one, on both sides of the workers.
private final class StreamOrder<Piece: Sendable>: Sendable {
  private struct Source {
    var fetched = 0
    var isAtEnd = false
    var failure: (any Error)?
  }

  private struct Sink {
    var due = 0
    var early: [Int: Piece] = [:]
    var failure: (any Error)?
  }

  private let source = Mutex(Source())
  private let sink = Mutex(Sink())
  private let room: DispatchSemaphore

  init(room: Int) { self.room = DispatchSemaphore(value: room) }

  /// Waits for room; nil at the end of the stream.
  func take(_ next: () throws -> Piece?) -> (Int, Piece)? {
    room.wait()
    let taken: (Int, Piece)? = source.withLock { source in
      if source.isAtEnd { return nil }
      do {
        guard let piece = try next() else {
          source.isAtEnd = true
          return nil
        }
        source.fetched += 1
        return (source.fetched - 1, piece)
      } catch {
        source.isAtEnd = true
        source.failure = error
        return nil
      }
    }
    if taken == nil { room.signal() }
    return taken
  }

  /// Delivers what is due now.
  func give(_ number: Int, _ piece: Piece, _ deliver: (Piece) throws -> Void) {
    let hasFailed = sink.withLock { sink in
      sink.early[number] = piece
      while let piece = sink.early.removeValue(forKey: sink.due) {
        sink.due += 1
        if sink.failure == nil {
          do { try deliver(piece) } catch { sink.failure = error }
        }
        room.signal()
      }
      return sink.failure != nil
    }
    if hasFailed { source.withLock { $0.isAtEnd = true } }
  }

  func finish() throws {
    if let failure = sink.withLock({ $0.failure }) { throw failure }
    if let failure = source.withLock({ $0.failure }) { throw failure }
  }
}
