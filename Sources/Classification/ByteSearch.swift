import Glibc

/// Finds bytes at the speed of the C library.
enum ByteSearch {
  @inline(__always)
  static func next(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int? = nil) -> Int? {
    let limit = end ?? text.count
    guard start < limit, let base = text.baseAddress else { return nil }
    guard let found = memchr(base + start, Int32(byte), limit - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
