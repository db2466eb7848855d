import Posix

/// Paths by the time at which somebody has to look at them again: a binary heap, so that a hundred thousand waiting
/// files cost nothing at a turn where none is due. An entry that was overtaken stays until its time and is then passed
/// over by whoever takes it.
struct DueQueue {
  struct Entry {
    let due: Double
    let path: Path
  }

  private var heap: [Entry] = []

  var next: Double? { heap.first?.due }

  mutating func add(_ path: Path, due: Double) {
    heap.append(Entry(due: due, path: path))
    var child = heap.count - 1
    while child > 0, heap[child].due < heap[(child - 1) / 2].due {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The entry that is due first, when it is due by `now`.
  mutating func take(by now: Double) -> Entry? {
    guard let first = heap.first, first.due <= now else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    sink()
    return first
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      if least == parent { return }
      heap.swapAt(least, parent)
      parent = least
    }
  }

  mutating func removeAll() { heap.removeAll() }
}
