import CKernels

/// SHA-256 of a stream of bytes.
public struct Digest: Sendable {
  private var state = ck_sha256()

  public init() { ck_sha256_init(&state) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    ck_sha256_update(&state, bytes.baseAddress, bytes.count)
  }

  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The 32 bytes; the stream cannot go on after it.
  public mutating func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      ck_sha256_finish(&state, buffer.baseAddress!)
      count = 32
    }
  }

  public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = Digest()
    digest.update(bytes)
    return digest.finish()
  }

  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = Digest()
    digest.update(bytes)
    return digest.finish()
  }

  public static func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes) }
}

public enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// nil when the text is not an even number of hexadecimal digits.
  public static func decode(_ text: String) -> [UInt8]? {
    let source = Array(text.utf8)
    guard source.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: source.count, by: 2) {
      guard let high = value(source[index]), let low = value(source[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: nil
    }
  }
}

/// CRC-32C, as journals and TensorBoard event files use it.
public enum Checksum {
  public static func crc32c(_ bytes: [UInt8], from start: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { crc32c($0, from: start) }
  }

  public static func crc32c(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
    ck_crc32c(start, bytes.baseAddress, bytes.count)
  }
}
