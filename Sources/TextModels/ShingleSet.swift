import Bytes
import CKernels

/// The distinct shingles of a text: what similarity is measured on.
public struct ShingleSet: Equatable, Sendable {
  /// Ascending, distinct.
  public let hashes: [UInt64]
  /// Shingles, repeated ones counted each time.
  public let total: Int
  /// Equal for texts of one matching form.
  public let exactKey: Identifier

  public init(_ text: [UInt8], rule: ShingleRule) { self.init(ShingleList(text, rule: rule)) }

  /// - Parameter scratch: kept by who makes many sets, so that memory is not asked for each time.
  public init(_ list: ShingleList, scratch: ShingleScratch = ShingleScratch()) {
    let hashes = ShingleSet.distinct(list.hashes, scratch)
    self.init(hashes: hashes, total: list.hashes.count, exactKey: list.exactKey)
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

  /// The same; nil when it is below `threshold`, which is known the sooner the less they share.
  public func jaccard(_ other: ShingleSet, atLeast threshold: Double) -> Double? {
    let sum = hashes.count + other.hashes.count
    // One less, so that no rounding is in the way of a pair at the threshold.
    let wanted = Int(threshold / (1 + threshold) * Double(sum)) - 1
    let shared = ck_shingle_shared(hashes, hashes.count, other.hashes, other.hashes.count, max(0, wanted))
    if shared == 0 { return threshold <= 0 ? 0 : nil }
    let similarity = Double(shared) / Double(sum - shared)
    return similarity >= threshold ? similarity : nil
  }

  /// The share of this set's shingles that the other holds too.
  public func containment(in other: ShingleSet) -> Double {
    hashes.isEmpty ? 0 : Double(shared(other)) / Double(hashes.count)
  }

  private func shared(_ other: ShingleSet) -> Int {
    ck_shingle_shared(hashes, hashes.count, other.hashes, other.hashes.count, 0)
  }

  /// Sorted without repetition.
  static func distinct(_ hashes: [UInt64], _ scratch: ShingleScratch = ShingleScratch()) -> [UInt64] {
    if hashes.count < 64 { return withoutRepetition(hashes.sorted()) }
    let lines = ck_shingle_lines(hashes.count)
    let numbers = scratch.numbers(hashes.count + 8 + lines * 9)
    let (result, table) = (numbers.baseAddress!, numbers.baseAddress! + hashes.count + 8)
    let held = UnsafeMutableRawPointer(table + lines * 8).assumingMemoryBound(to: UInt8.self)
    let made = ck_shingle_distinct(hashes, hashes.count, table, held, result)
    // SIZE_MAX is -1 here.
    if made < 0 { return distinctInPasses(hashes) }
    return Array(UnsafeBufferPointer(start: result, count: made))
  }

  /// The same without the kernel: hashes are uniform, so one pass puts each near its place.
  static func distinctInPasses(_ hashes: [UInt64]) -> [UInt64] {
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

/// Memory that sets are made in, one after the other.
public final class ShingleScratch {
  private var held = UnsafeMutableBufferPointer<UInt64>(start: nil, count: 0)

  public init() {}
  deinit { held.deallocate() }

  /// As they were left.
  func numbers(_ count: Int) -> UnsafeMutableBufferPointer<UInt64> {
    if held.count < count {
      held.deallocate()
      held = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count + count / 4)
    }
    return held
  }
}
