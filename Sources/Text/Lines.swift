import Glibc

/// The lines of a text, split on LF only; a last line without LF counts, an empty one after the last LF does not.
public struct Lines: Sequence, IteratorProtocol {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// - Parameter bytes: must outlive the iteration.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Byte range of the next line without its LF.
  public mutating func next() -> Range<Int>? {
    guard index < bytes.count, let base = bytes.baseAddress else { return nil }
    let start = index
    let end: Int
    if let found = memchr(base + start, 0x0A, bytes.count - start) {
      end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      index = end + 1
    } else {
      end = bytes.count
      index = end
    }
    return start..<end
  }
}
