/// A cache-line aligned block of numbers, zero at first, freed with its last owner.
///
/// Shared by the workers of one loop, each of which writes places of its own.
final class Memory<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  func clear() { UnsafeMutableRawPointer(base).initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }

  private var bytes: Int { count * MemoryLayout<Element>.stride }
}

/// A row-major view of floats that someone else owns and keeps alive.
struct Matrix: @unchecked Sendable {
  var base: UnsafeMutablePointer<Float>
  var rows: Int
  var columns: Int
  /// Floats from one row to the next.
  var stride: Int

  init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  init(_ memory: Memory<Float>, rows: Int, columns: Int) {
    precondition(rows * columns <= memory.count, "a matrix larger than its memory")
    self.init(memory.base, rows: rows, columns: columns)
  }

  func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }

  func rows(_ range: Range<Int>) -> Matrix {
    Matrix(row(range.lowerBound), rows: range.count, columns: columns, stride: stride)
  }
}
