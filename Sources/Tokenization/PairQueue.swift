/// Pairs by count, the highest on top, of equals the lower key. Counts may be out of date: the reader looks them up.
struct PairQueue {
  struct Entry {
    var count: Int64
    var key: UInt64
    var pair: UInt32

    @inline(__always)
    func precedes(_ other: Entry) -> Bool { count != other.count ? count > other.count : key < other.key }
  }

  private var entries: [Entry] = []
  /// Children of a node: four to save levels.
  private static let width = 4

  var top: Entry? { entries.first }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    entries.withUnsafeMutableBufferPointer { entries in
      var index = entries.count &- 1
      while index > 0 {
        let parent = (index &- 1) / Self.width
        if !entry.precedes(entries[parent]) { break }
        entries[index] = entries[parent]
        index = parent
      }
      entries[index] = entry
    }
  }

  mutating func removeTop() {
    let last = entries.removeLast()
    if !entries.isEmpty { replaceTop(last) }
  }

  mutating func replaceTop(_ entry: Entry) {
    entries.withUnsafeMutableBufferPointer { entries in
      var index = 0
      while true {
        let first = Self.width &* index &+ 1
        if first >= entries.count { break }
        var best = first
        for child in first &+ 1..<max(first &+ 1, min(first &+ Self.width, entries.count))
        where entries[child].precedes(entries[best]) { best = child }
        if !entries[best].precedes(entry) { break }
        entries[index] = entries[best]
        index = best
      }
      entries[index] = entry
    }
  }
}
