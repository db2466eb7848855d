import Bytes

/// The distinct shingles of a text: what similarity is measured on.
public struct ShingleSet: Equatable, Sendable {
  /// Ascending, distinct.
  public let hashes: [UInt64]
  /// Shingles, repeated ones counted each time.
  public let total: Int
  /// Equal for texts of one matching form.
  public let exactKey: Identifier

  public init(_ text: [UInt8], rule: ShingleRule) {
    var stream = ShingleStream(rule)
    var hashes: [UInt64] = []
    hashes.reserveCapacity(text.count / 3 + 16)
    text.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ShingleStream.scratch + ShingleStream.chunk) { buffer in
        let shingles = buffer.baseAddress! + ShingleStream.scratch
        while let count = stream.next(text, scratch: buffer.baseAddress!, into: shingles) {
          hashes.append(contentsOf: UnsafeBufferPointer(start: shingles, count: count))
        }
      }
    }
    total = hashes.count
    self.hashes = ShingleSet.distinct(hashes)
    exactKey = stream.isEmpty ? Identifier(of: text) : stream.exactKey
  }

  init(hashes: [UInt64], total: Int, exactKey: Identifier) {
    self.hashes = hashes
    self.total = total
    self.exactKey = exactKey
  }

  /// Shared shingles over all shingles; 0 when either is empty.
  public func jaccard(_ other: ShingleSet) -> Double {
    let shared = shared(other)
    let all = hashes.count + other.hashes.count - shared
    return shared == 0 ? 0 : Double(shared) / Double(all)
  }

  /// The share of this set's shingles that the other holds too.
  public func containment(in other: ShingleSet) -> Double {
    hashes.isEmpty ? 0 : Double(shared(other)) / Double(hashes.count)
  }

  private func shared(_ other: ShingleSet) -> Int {
    hashes.withUnsafeBufferPointer { a in
      other.hashes.withUnsafeBufferPointer { b in
        var i = 0
        var j = 0
        var shared = 0
        // Without branches: which side is behind is a coin toss and would be mispredicted half the time.
        while i < a.count && j < b.count {
          let x = a[i]
          let y = b[j]
          shared += x == y ? 1 : 0
          i += x <= y ? 1 : 0
          j += y <= x ? 1 : 0
        }
        return shared
      }
    }
  }

  /// Sorted without repetition: hashes are uniform, so one pass puts each near its place.
  static func distinct(_ hashes: [UInt64]) -> [UInt64] {
    if hashes.count < 64 { return withoutRepetition(hashes.sorted()) }
    let bits = Int.bitWidth - (hashes.count - 1).leadingZeroBitCount
    let shift = UInt64(64 - bits)
    var starts = [Int](repeating: 0, count: 1 << bits + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      for hash in hashes { starts[Int(hash >> shift) + 1] += 1 }
      for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
    }
    let bounds = starts
    var placed = [UInt64](repeating: 0, count: hashes.count)
    placed.withUnsafeMutableBufferPointer { placed in
      starts.withUnsafeMutableBufferPointer { starts in
        for hash in hashes {
          let bucket = Int(hash >> shift)
          placed[starts[bucket]] = hash
          starts[bucket] += 1
        }
      }
      for bucket in 0..<(bounds.count - 1) { order(&placed, bounds[bucket], bounds[bucket + 1]) }
    }
    return withoutRepetition(placed)
  }

  private static func order(_ hashes: inout UnsafeMutableBufferPointer<UInt64>, _ start: Int, _ end: Int) {
    if end - start < 2 { return }
    if end - start > 24 {
      hashes[start..<end].sort()
      return
    }
    for index in (start + 1)..<end {
      let hash = hashes[index]
      var hole = index
      while hole > start && hashes[hole - 1] > hash {
        hashes[hole] = hashes[hole - 1]
        hole -= 1
      }
      hashes[hole] = hash
    }
  }

  private static func withoutRepetition(_ sorted: [UInt64]) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: sorted.count) { buffer, count in
      count = 0
      for hash in sorted where count == 0 || buffer[count - 1] != hash {
        buffer.initializeElement(at: count, to: hash)
        count += 1
      }
    }
  }
}
