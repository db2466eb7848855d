/// Fixed-size numbers in byte buffers.
public enum LittleEndian {
  @inlinable
  public static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  @inlinable
  public static func append(_ number: Float, to bytes: inout [UInt8]) { append(number.bitPattern, to: &bytes) }

  @inlinable
  public static func read<Number: FixedWidthInteger>(
    _ type: Number.Type, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) -> Number {
    precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= bytes.count, "read beyond the buffer")
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  @inlinable
  public static func read<Number: FixedWidthInteger>(_ type: Number.Type, _ bytes: [UInt8], at offset: Int) -> Number {
    bytes.withUnsafeBytes { read(type, $0, at: offset) }
  }

  static func bigEndian64(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
  }
}
