import Synchronization

/// Working memory of the workers: as many pieces as are in use at once, kept for the next loop.
final class ScratchPool: Sendable {
  private let free = Mutex<[Memory<Float>]>([])

  /// Runs `body` with a piece of at least `count` floats that nobody else uses meanwhile.
  func with<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    let kept = free.withLock { pieces in
      pieces.lastIndex { $0.count >= count }.map { pieces.remove(at: $0) }
    }
    let piece = kept ?? Memory<Float>(count)
    defer { free.withLock { $0.append(piece) } }
    return body(piece.base)
  }

  /// Gives all memory back that is not in use.
  func drain() { free.withLock { $0.removeAll() } }
}
