import Bytes
import Posix

/// Numbers of one width in bits, one after the other, little-endian, read where they lie.
struct PackedNumbers: @unchecked Sendable {
  /// Widths up to this can be read by one load.
  static let mostBits = 57

  private let start: UnsafeRawPointer
  private let width: Int
  private let mask: UInt64

  /// Bytes that `count` numbers take; the last 8 are there to be read beyond the end.
  static func bytes(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 + 8 }

  /// - Parameter start: of `bytes(count, width: width)` readable bytes that outlive this.
  init(_ start: UnsafeRawPointer, width: Int) {
    self.start = start
    self.width = width
    mask = 1 << UInt64(width) - 1
  }

  @inline(__always)
  subscript(_ index: Int) -> UInt64 {
    let bit = index &* width
    let word = UInt64(littleEndian: (start + bit &>> 3).loadUnaligned(as: UInt64.self))
    return word &>> UInt64(truncatingIfNeeded: bit & 7) & mask
  }
}

/// Writes packed numbers into a part of a file.
struct PackedWriter {
  private static let bufferedWords = 1 << 14

  private let file: File
  private let width: Int
  private var offset: Int
  private var words: [UInt64] = []
  private var pending: UInt64 = 0
  private var pendingBits = 0
  private(set) var count = 0
  /// CRC-32C of everything written.
  private(set) var checksum: UInt32 = 0

  init(_ file: File, at offset: Int, width: Int) {
    self.file = file
    self.offset = offset
    self.width = width
    words.reserveCapacity(PackedWriter.bufferedWords)
  }

  @inline(__always)
  mutating func append(_ value: UInt64) throws(SystemError) {
    pending |= value &<< UInt64(truncatingIfNeeded: pendingBits)
    pendingBits += width
    count += 1
    if pendingBits < 64 { return }
    words.append(pending)
    pendingBits -= 64
    pending = pendingBits == 0 ? 0 : value &>> UInt64(truncatingIfNeeded: width - pendingBits)
    if words.count == PackedWriter.bufferedWords { try flush() }
  }

  /// Writes what is left, and the bytes behind it.
  mutating func finish() throws(SystemError) {
    try flush()
    var rest: [UInt8] = []
    for byte in 0..<((pendingBits + 7) / 8) { rest.append(UInt8(truncatingIfNeeded: pending >> UInt64(8 * byte))) }
    rest += [UInt8](repeating: 0, count: 8)
    if let failed = rest.withUnsafeBytes({ write($0) }) { throw failed }
  }

  private mutating func flush() throws(SystemError) {
    let full = words
    words.removeAll(keepingCapacity: true)
    let failed = full.withUnsafeBufferPointer { write(UnsafeRawBufferPointer($0)) }
    if let failed { throw failed }
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) -> SystemError? {
    do throws(SystemError) {
      try file.write(bytes, at: offset)
    } catch {
      return error
    }
    checksum = Checksum.crc32c(bytes, from: checksum)
    offset += bytes.count
    return nil
  }
}
