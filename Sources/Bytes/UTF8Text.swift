import CKernels

/// UTF-8 as bytes: validity, scalars, boundaries.
public enum UTF8Text {
  /// The offset of the first byte that is not well-formed UTF-8 (Unicode table 3-7), or nil.
  public static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    return firstInvalid(bytes, from: ck_utf8_prefix(base, bytes.count))
  }

  /// Scalar by scalar: the vector check's plain twin, and what finds the fault.
  /// - Parameter start: all before it is well-formed.
  static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let count = bytes.count
    var index = start
    while index < count {
      if index + 8 <= count {
        let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 {
          index += 8
          continue
        }
      }
      let length = scalarLength(bytes, at: index)
      if length == 0 { return index }
      index += length
    }
    return nil
  }

  public static func firstInvalid(_ bytes: [UInt8]) -> Int? { bytes.withUnsafeBufferPointer { firstInvalid($0) } }

  /// Bytes of the well-formed scalar at `index`, 0 when it is malformed or cut.
  @inlinable
  public static func scalarLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    let left = bytes.count - index
    if first < 0xC2 || first > 0xF4 || left < 2 { return 0 }
    let second = bytes[index + 1]
    if first < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
    if first < 0xF0 {
      let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
      let high: UInt8 = first == 0xED ? 0x9F : 0xBF
      return left >= 3 && second >= low && second <= high && bytes[index + 2] & 0xC0 == 0x80 ? 3 : 0
    }
    let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
    return left >= 4 && second >= low && second <= high && bytes[index + 2] & 0xC0 == 0x80
      && bytes[index + 3] & 0xC0 == 0x80 ? 4 : 0
  }

  /// The scalar at `index` of well-formed text, and its length.
  @inlinable
  public static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, 1) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F), 2) }
    if first < 0xF0 {
      return ((first & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F), 3)
    }
    return (
      (first & 0x07) << 18 | UInt32(bytes[index + 1] & 0x3F) << 12 | UInt32(bytes[index + 2] & 0x3F) << 6
        | UInt32(bytes[index + 3] & 0x3F), 4
    )
  }

  @inlinable
  public static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(scalar))
    } else if scalar < 0x800 {
      bytes.append(UInt8(0xC0 | scalar >> 6))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else if scalar < 0x10000 {
      bytes.append(UInt8(0xE0 | scalar >> 12))
      bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else {
      bytes.append(UInt8(0xF0 | scalar >> 18))
      bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    }
  }

  /// The largest cut <= `offset` that does not split a scalar of well-formed text.
  public static func boundary(_ bytes: [UInt8], atOrBefore offset: Int) -> Int {
    var cut = min(offset, bytes.count)
    while cut > 0 && cut < bytes.count && bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
    return cut
  }
}
