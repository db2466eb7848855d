import Bytes
import Fixtures
import Testing

@Suite struct UTF8TextTests {
  /// Offset of the first bad byte, after Unicode table 3-7.
  @Test(
    arguments: [
      (Array("plain ascii, longer than a word".utf8), nil), (Array("中文 é 😀".utf8), nil), ([0x80], 0),
      ([0x61, 0xC0, 0xAF], 1),
      ([0xC1, 0xBF], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xE0, 0xA0, 0x80], nil), ([0xED, 0xA0, 0x80], 0),
      ([0xED, 0x9F, 0xBF], nil),
      ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF4, 0x8F, 0xBF, 0xBF], nil), ([0xF4, 0x90, 0x80, 0x80], 0),
      ([0xF5, 0x80, 0x80, 0x80], 0),
      ([0xE4, 0xB8], 0), (Array("12345678".utf8) + [0xFF], 8),
      (Array("123456789012345".utf8) + [0xE4, 0xB8, 0xAD, 0xE4], 18),
    ] as [([UInt8], Int?)])
  func firstInvalid(_ bytes: [UInt8], _ expected: Int?) { #expect(UTF8Text.firstInvalid(bytes) == expected) }

  @Test(arguments: [41, 42] as [UInt64])
  func agreesWithTheStandardLibrary(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let seams =
      [[0xC2, 0xA0], [0xE0, 0xA0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF0, 0x90], [0x80]]
      as [[UInt8]]
    for _ in 0..<3000 {
      var bytes: [UInt8] = []
      for _ in 0..<random.below(6) {
        bytes += random.below(2) == 0 ? seams[random.below(seams.count)] : random.bytes(random.below(3))
      }
      #expect((UTF8Text.firstInvalid(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
    }
  }

  @Test func everyScalarComesBack() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 37) where value & 0xFFFF_F800 != 0xD800 {
      var bytes: [UInt8] = []
      UTF8Text.append(value, to: &bytes)
      bytes.withUnsafeBufferPointer { buffer in
        let (back, length) = UTF8Text.scalar(buffer, at: 0)
        let measured = UTF8Text.scalarLength(buffer, at: 0)
        if back != value || length != bytes.count || measured != bytes.count {
          Issue.record("U+\(String(value, radix: 16))")
        }
      }
    }
  }

  @Test func cutsBetweenScalars() {
    let text = Array("a中😀".utf8)
    #expect((0...9).map { UTF8Text.boundary(text, atOrBefore: $0) } == [0, 1, 1, 1, 4, 4, 4, 4, 8, 8])
  }
}
