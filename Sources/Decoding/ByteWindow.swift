import Glibc

/// A sliding buffer over a source: whole lines or whole values are looked at in place, without a copy.
/// A failure of the source is held back until everything before it was used.
final class ByteWindow {
  private static let chunk = 1 << 18

  private let source: any ByteSource
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Offset in the stream of the first byte not yet taken.
  private(set) var offset = 0
  private(set) var failure: ReadFailure?
  private(set) var isAtEnd = false
  /// Bytes that one read asks for at most.
  var step = Int.max

  init(_ source: any ByteSource) {
    self.source = source
    buffer = .allocate(byteCount: 1 << 20, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// The bytes at hand; valid until the next call that fills.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: (buffer.baseAddress! + start).assumingMemoryBound(to: UInt8.self), count: end - start)
  }

  func take(_ count: Int) {
    start += count
    offset += count
  }

  /// Reads on once; false at the end of the stream.
  func more() -> Bool { more(atMost: step) }

  private func more(atMost limit: Int) -> Bool {
    if isAtEnd { return false }
    if buffer.count - end < ByteWindow.chunk { makeRoom() }
    do throws(ReadFailure) {
      let room = min(buffer.count - end, limit)
      let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end..<(end + room)]))
      end += count
      isAtEnd = count == 0
    } catch {
      failure = error
      isAtEnd = true
    }
    return !isAtEnd
  }

  /// Reads until `count` bytes are at hand or the stream ends.
  func fill(_ count: Int) {
    while end - start < count, more() {}
  }

  /// Drops `count` bytes without holding them.
  /// - Parameter exactly: nothing after them is read.
  func skip(_ count: Int, exactly: Bool = false) {
    var left = count
    while left > 0 {
      if start == end, !more(atMost: exactly ? left : .max) { return }
      let step = min(left, end - start)
      take(step)
      left -= step
    }
  }

  private func makeRoom() {
    let held = end - start
    if start > 0 { memmove(buffer.baseAddress!, buffer.baseAddress! + start, held) }
    start = 0
    end = held
    if buffer.count - end >= ByteWindow.chunk { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
    memcpy(larger.baseAddress!, buffer.baseAddress!, held)
    buffer.deallocate()
    buffer = larger
  }
}

extension ByteWindow {
  enum Line {
    /// Without its LF; valid until the next call.
    case whole(UnsafeBufferPointer<UInt8>)
    /// Longer than allowed: its first bytes and its length; the rest was passed over.
    case tooLong(head: [UInt8], length: Int)
    case end
  }

  /// The next line, taken from the window. What stands before a failure without a LF is no line.
  func line(longest: Int, head: Int) -> Line {
    var scanned = 0
    while true {
      let bytes = self.bytes
      if bytes.count > scanned, let found = memchr(bytes.baseAddress! + scanned, 0x0A, bytes.count - scanned) {
        let length = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
        take(length + 1)
        if length > longest { return .tooLong(head: Array(bytes.prefix(head)), length: length) }
        return .whole(UnsafeBufferPointer(rebasing: bytes[..<length]))
      }
      scanned = bytes.count
      if scanned > longest { return passOver(head: head) }
      if more() { continue }
      let rest = self.bytes
      if rest.isEmpty || failure != nil { return .end }
      take(rest.count)
      return .whole(rest)
    }
  }

  private func passOver(head: Int) -> Line {
    let kept = Array(bytes.prefix(head))
    var length = 0
    while true {
      let bytes = self.bytes
      if !bytes.isEmpty, let found = memchr(bytes.baseAddress!, 0x0A, bytes.count) {
        let tail = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
        take(tail + 1)
        return .tooLong(head: kept, length: length + tail)
      }
      length += bytes.count
      take(bytes.count)
      if !more() { return .tooLong(head: kept, length: length) }
    }
  }
}

extension ByteWindow {
  /// Drops what stands before `wanted`; false when it is not at hand, and then so many bytes stay as may begin it.
  func seek(_ wanted: [UInt8]) -> Bool {
    let bytes = self.bytes
    guard bytes.count >= wanted.count else { return false }
    var index = 0
    while index + wanted.count <= bytes.count {
      let left = bytes.count - wanted.count + 1 - index
      guard let found = memchr(bytes.baseAddress! + index, Int32(wanted[0]), left) else { break }
      index = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
      if bytes[index..<(index + wanted.count)].elementsEqual(wanted) {
        take(index)
        return true
      }
      index += 1
    }
    take(bytes.count - wanted.count + 1)
    return false
  }

  func startsWith(_ wanted: [UInt8]) -> Bool { bytes.starts(with: wanted) }
}
