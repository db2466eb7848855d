import CKernels
import Fixtures
import Testing

@testable import Bytes

@Suite struct JSONTextTests {
  private static let pieces: [[UInt8]] = [
    Array("plain ascii text without anything in it ".utf8), Array("中文，没有别的。".utf8), Array("\\n".utf8),
    Array("\\\"\\\\\\/\\b\\f\\n\\r\\t".utf8), Array("\\u4e2d".utf8), Array("\\ud83d\\ude00".utf8),
    Array("\\ud83d".utf8),
    Array("\\ude00\\ud83d\\u0041".utf8), Array("\\u00e9\\u0000".utf8), Array("\\".utf8), Array("\\x".utf8),
    Array("\\u12g4".utf8), Array("\\ud83d\\u".utf8), [0x22], [0x0A], [0x80, 0xFF],
  ]

  private static func string(_ random: inout SeededRandom, _ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < length {
      // Most are well-formed, so that some get far.
      bytes += pieces[random.below(random.below(8) == 0 ? pieces.count : 9)]
    }
    return Array(bytes.prefix(length))
  }

  private typealias Kernel = (
    UnsafePointer<UInt8>?, Int, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?,
    UnsafeMutablePointer<Int>?
  ) -> Int

  private static func resolved(_ kernel: Kernel, _ bytes: [UInt8], from: Int) -> (
    stop: Int, text: [UInt8], unicode: Int
  ) {
    var stop = 0
    var unicode = 0
    let text = [UInt8](unsafeUninitializedCapacity: bytes.count + Int(CK_JSON_SLACK)) { buffer, count in
      stop = kernel(bytes, from, bytes.count, buffer.baseAddress, &count, &unicode)
    }
    return (stop, text, unicode)
  }

  @Test("the vector kernels resolve, stop and end where their plain twins do")
  func twins() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    var whole = 0
    for length in Array(0...70) + [200, 500] {
      for _ in 0..<30 {
        let bytes = Self.string(&random, length)
        for from in [0, min(1, length), length / 2] {
          let found = Self.resolved(ck_json_text, bytes, from: from)
          let expected = Self.resolved(ck_json_text_reference, bytes, from: from)
          #expect(found.stop == expected.stop && found.unicode == expected.unicode, "seed \(seed)")
          #expect(found.text == expected.text, "seed \(seed)")
          #expect(
            ck_json_string_end(bytes, from, length) == ck_json_string_end_reference(bytes, from, length), "seed \(seed)"
          )
          if found.stop == length { whole += 1 }
        }
      }
    }
    #expect(whole > 500, "the generator makes too few good strings: \(whole)")
  }

  @Test("a member is written as it came")
  func membersAsTheyCame() throws {
    let line = Array(#"{"a\"b":[1, "x"],"text":"t"}"#.utf8)
    try line.withUnsafeBufferPointer { bytes in
      let fields = try JSONFields(bytes)
      var writer = JSONWriter()
      writer.beginObject()
      for field in fields.fields {
        writer.member(
          UnsafeBufferPointer(rebasing: bytes[field.key]), UnsafeBufferPointer(rebasing: bytes[field.value]))
      }
      writer.key("k\n")
      writer.string("中\"")
      writer.endObject()
      #expect(writer.bytes == Array(#"{"a\"b":[1, "x"],"text":"t","k\n":"中\""}"#.utf8))
      writer.reset()
      writer.beginArray()
      writer.endArray()
      #expect(writer.bytes == Array("[]".utf8))
    }
  }

  @Test(
    "a text tells whether it was written plainly",
    arguments: [
      ("\"a\\nb\\/\"", "a\nb/", true), ("\"\"", "", true), ("\"\\u4e2d\"", "中", false),
      ("\"\\ud800\"", "\u{FFFD}", false),
    ])
  func plainText(_ written: String, _ text: String, _ isPlain: Bool) throws {
    let bytes = Array(written.utf8)
    let found = try bytes.withUnsafeBufferPointer { try JSONFields.plainText(0..<bytes.count, in: $0) }
    #expect(found?.text == Array(text.utf8) && found?.isPlain == isPlain)
  }
}
