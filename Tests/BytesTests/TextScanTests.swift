import CKernels
import Testing

@testable import Bytes

/// A seeded generator of bytes that are nearly text: pieces of every kind that the scans stop at, cut anywhere.
struct NearlyText {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func random(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  private static let pieces: [[UInt8]] = [
    Array("plain ascii text without anything in it ".utf8), Array("中文的文字，没有别的。".utf8), Array("é".utf8),
    Array("锛銆鈥鐨鏄鍦锟烫屯".utf8), Array("\u{200B}\u{FEFF}\u{180E}\u{E0020}\u{AD}".utf8), Array("😀\u{10FFFF}".utf8),
    Array("e\u{301}\u{212B}\u{1112}\u{1161}\u{302A}か\u{3099}\u{958}\u{F92C}\u{2F800}\u{483}\u{387}\u{2000}".utf8),
    [0x22], [0x5C], [0x0A], [0x09], [0x7F], [0x00], [0xC0], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0x80], [0xFF], [0xF5, 0x80, 0x80, 0x80],
  ]

  /// - Parameter clean: only well-formed pieces.
  mutating func bytes(_ count: Int, clean: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = NearlyText.pieces[random(clean ? 13 : NearlyText.pieces.count)]
      bytes += clean || random(4) > 0 ? piece : Array(piece[random(piece.count)...])
    }
    return clean ? bytes : Array(bytes.prefix(count))
  }
}

@Suite struct TextScanTests {
  @Test("the vector scans stop where their plain twins do")
  func twins() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = NearlyText(seed: seed)
    for length in [0, 1, 2, 31, 32, 33, 34, 63, 64, 65, 66, 300] {
      for _ in 0..<40 {
        let bytes = generator.bytes(length, clean: false)
        for from in 0...min(length, 40) {
          #expect(
            ck_next_json_stop(bytes, from, bytes.count) == ck_next_json_stop_reference(bytes, from, bytes.count),
            "seed \(seed)")
          #expect(
            ck_next_unclean(bytes, from, bytes.count) == ck_next_unclean_reference(bytes, from, bytes.count),
            "seed \(seed)")
          #expect(
            ck_next_dirty(bytes, from, bytes.count) == ck_next_dirty_reference(bytes, from, bytes.count),
            "seed \(seed)")
          #expect(
            ck_next_mojibake(bytes, from, bytes.count) == ck_next_mojibake_reference(bytes, from, bytes.count),
            "seed \(seed)")
        }
      }
    }
  }

  @Test("the vector scan for characters that compose stops where its plain twin does")
  func composing() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = NearlyText(seed: seed)
    for length in [0, 1, 31, 33, 34, 63, 65, 66, 300] {
      for _ in 0..<40 {
        let bytes = generator.bytes(length, clean: true)
        for from in 0...min(bytes.count, 40) where from == bytes.count || bytes[from] & 0xC0 != 0x80 {
          #expect(
            ck_next_composing(bytes, from, bytes.count) == ck_next_composing_reference(bytes, from, bytes.count),
            "seed \(seed)")
        }
      }
    }
    // Every character by itself, in the middle of a block.
    for code in 0x80...0x2FFFF {
      guard let scalar = Unicode.Scalar(UInt32(code)) else { continue }
      let bytes = [UInt8](repeating: 0x61, count: 20) + Array(String(scalar).utf8) + [UInt8](repeating: 0x61, count: 30)
      let found = ck_next_composing(bytes, 0, bytes.count)
      #expect((found == 20) == (ck_nfc_property(UInt32(code)) != 0), "U+\(String(code, radix: 16))")
    }
  }

  @Test("the vector check of UTF-8 finds the same first fault as the plain one")
  func validity() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = NearlyText(seed: seed)
    for round in 0..<3000 {
      var bytes = generator.bytes(generator.random(300), clean: true)
      if round % 3 > 0 && !bytes.isEmpty { bytes[generator.random(bytes.count)] = UInt8(generator.random(256)) }
      if round % 5 == 0 { bytes.removeLast(min(bytes.count, generator.random(4))) }
      let plain = bytes.withUnsafeBufferPointer { UTF8Text.firstInvalid($0, from: 0) }
      #expect(UTF8Text.firstInvalid(bytes) == plain, "seed \(seed)")
    }
  }

  @Test("two bytes of every kind at every place of a block: valid exactly when the standard library says so")
  func pairs() {
    let leads: [UInt8] = [0x41, 0x80, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF]
    for lead in leads {
      for second in stride(from: UInt8(0x70), to: 0xD0, by: 0x0F) {
        for tail in [[], [0x80], [0x80, 0xBF], [0x80, 0xBF, 0x80]] as [[UInt8]] {
          for place in 27...36 {
            let bytes =
              [UInt8](repeating: 0x61, count: place) + [lead, second] + tail + [UInt8](repeating: 0x62, count: 40)
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect((UTF8Text.firstInvalid(bytes) == nil) == isValid, "\(bytes[place...].prefix(5)) at \(place)")
          }
        }
      }
    }
  }

  @Test("a text written as JSON reads back the same")
  func roundTrip() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = NearlyText(seed: seed)
    for _ in 0..<500 {
      let text = generator.bytes(generator.random(200), clean: true)
      var line = Array(#"{"a":1,"text":"#.utf8)
      JSONWriter.appendText(text, to: &line)
      line += Array(#","z":"\"x\\"}"#.utf8)
      #expect(line.allSatisfy { $0 >= 0x20 }, "seed \(seed)")
      try line.withUnsafeBufferPointer { buffer in
        let fields = try JSONFields(buffer)
        #expect(fields.fields.count == 3)
        let value = try #require(fields.value(Array("text".utf8), in: buffer))
        #expect(try JSONFields.text(value, in: buffer) == text, "seed \(seed)")
      }
      #expect(try JSONParser.parse(line)["text"]?.bytes == text, "seed \(seed)")
    }
  }
}
