import Bytes
import Decoding
import Documents
import Testing
import Text

@Suite struct EncodingTests {
  static let chinese = "中华人民共和国的法律是由全国人民代表大会制定的，任何组织或者个人都不得有超越宪法和法律的特权。\n"

  @Test(
    "bytes in an encoding become UTF-8 and say what they were",
    arguments: [
      ([0xD6, 0xD0, 0xCE, 0xC4, 0xA3, 0xAC, 0xB5, 0xC4, 0xCA, 0xC7], "gb18030", "中文，的是"),
      ([0xA4, 0xA4, 0xA4, 0xE5, 0xA1, 0x41, 0xAA, 0xBA, 0xAC, 0x4F], "big5", "中文，的是"),
      ([0xFF, 0xFE, 0x2D, 0x4E, 0x87, 0x65], "utf-16le", "中文"),
      ([0xFE, 0xFF, 0x4E, 0x2D, 0x65, 0x87], "utf-16be", "中文"),
      ([0xFF, 0xFE, 0, 0, 0x2D, 0x4E, 0, 0], "utf-32le", "中"),
      ([0xEF, 0xBB, 0xBF, 0x41, 0x42], "utf-8", "AB"),
      (
        Array("na".utf8) + [0xEF] + Array("ve caf".utf8) + [0xE9] + Array(" is text".utf8), "iso-8859-1",
        "naïve café is text"
      ),
      (
        Array("it".utf8) + [0x92] + Array("s a ".utf8) + [0x93] + Array("word".utf8) + [0x94], "windows-1252",
        "it’s a “word”"
      ),
      (Array("h\0i\0 \0y\0o\0u\0".utf8), "utf-16le", "hi you"),
    ] as [([UInt8], String, String)])
  func decodes(bytes: [UInt8], encoding: String, text: String) {
    let outcome = readAll(bytes, .text)
    #expect(outcome.failure == nil)
    #expect(outcome.documents.first?.encoding == encoding)
    #expect(outcome.texts.first == text)
  }

  @Test("what holds no text is binary, what holds nothing is empty")
  func refuses() {
    let noise = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
    #expect(readAll(noise, .text).failure?.code == "binary")
    #expect(readAll([UInt8](repeating: 0, count: 1000), .text).failure?.code == "binary")
    for kind in [FileFormat.Kind.text, .jsonLines, .json, .html, .troff] {
      #expect(readAll([], kind).failure?.code == "empty")
    }
    #expect(readAll([0xEF, 0xBB, 0xBF], .text).failure?.code == "empty")
    #expect(readAll("\n\n\n", .jsonLines).failure?.code == "empty")
  }

  @Test(
    "traces of a wrong decoding are flagged",
    arguments: [
      ("这是锟斤拷的文字", true), ("烫烫烫烫", true), ("鎴戜滑鐨勬枃瀛楋紝鏄\u{E21C}繖鏍风殑銆傝繖閲岋紝銆傞", true),
      (chinese, false),
      ("Das schöne Mädchen über die Straße führt", false), ("Ceci est une pensée à l'été", false),
    ])
  func mojibake(text: String, expected: Bool) {
    #expect(readAll(text, .text).documents.first?.flags.contains(.mojibake) == expected)
  }

  @Test("a file half UTF-8, half GBK is read line by line; damage is repaired and flagged")
  func mixed() {
    let gbk: [UInt8] = [0xD6, 0xD0, 0xCE, 0xC4, 0xB5, 0xC4, 0xCA, 0xC7, 0x0A]
    let mixed = readAll(Array(EncodingTests.chinese.utf8) + gbk, .text)
    #expect(mixed.texts == [EncodingTests.chinese + "中文的是\n"])
    // 算法 in GBK holds E3 B7 A8, which by itself is a character of UTF-8.
    let short = readAll(Array(EncodingTests.chinese.utf8) + [0x2D, 0x20, 0xCB, 0xE3, 0xB7, 0xA8, 0x0A], .text)
    #expect(short.texts == [EncodingTests.chinese + "- 算法\n"])
    let damaged = readAll(Array("好的文字 ".utf8) + [0xFF] + Array(" 还是好的文字".utf8), .text)
    #expect(damaged.texts == ["好的文字 \u{FFFD} 还是好的文字"])
    #expect(damaged.documents.first?.flags.contains(.repaired) == true)
  }

  @Test("real files: accuracy of the detector by encoding", .enabled(if: SharedData.isPresent("raw/messy.tar.zst")))
  func accuracy() throws {
    let files = try SharedData.unpack("raw/messy.tar.zst") { $0.contains("/enc/") || $0.contains("/gold/") }
    var gold: [String: [UInt8]] = [:]
    for file in files where file.name.contains("/gold/") {
      gold[Digest.hex(Digest.sha256(file.bytes))] = Normalizer.normalize(file.bytes)
    }
    let right = Set(gold.values)
    var tally: [String: (good: Int, all: Int)] = [:]
    for file in files where file.name.contains("/enc/") {
      let encoding = String(file.name.split(separator: "/").dropLast().last!)
      let text = readAll(file.bytes, .text).documents.first?.text ?? []
      tally[encoding, default: (0, 0)].all += 1
      if right.contains(text) { tally[encoding]!.good += 1 } else { print("wrong:", file.name) }
    }
    for (encoding, count) in tally.sorted(by: { $0.key < $1.key }) { print(encoding, "\(count.good)/\(count.all)") }
    #expect(tally.count >= 14)
    for (encoding, count) in tally where encoding != "hz" {
      #expect(Double(count.good) >= 0.9 * Double(count.all), "\(encoding)")
    }
  }
}
