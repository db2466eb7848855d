import CKernels
import Fixtures
import Testing

@testable import Tokens

@Suite("Pre-tokenization: the words of each published pattern")
struct WordScannerTests {
  static func words(_ text: [UInt8], _ pattern: SplitPattern) -> [[UInt8]] {
    text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return [] }
      let scanner = WordScanner(base: base, count: buffer.count, pattern: pattern)
      var words: [[UInt8]] = []
      var start = 0
      while start < buffer.count {
        let end = scanner.wordEnd(from: start)
        words.append(Array(buffer[start..<end]))
        start = end
      }
      return words
    }
  }

  @Test(
    "Qwen2",
    arguments: [
      ("it's IT'LL 'Tis", ["it", "'s", " IT", "'LL", " '", "Tis"]),
      ("it'\u{17F}a", ["it", "'\u{17F}", "a"]),
      ("2024年", ["2", "0", "2", "4", "年"]),
      ("a\r\n\r\nb", ["a", "\r\n\r\n", "b"]),
      ("x = 1;\n\n  y", ["x", " =", " ", "1", ";\n\n", " ", " y"]),
      ("end  ", ["end", "  "]),
      ("中文，标点", ["中文", "，标点"]),
      ("a\u{85}b", ["a", "\u{85}b"]),
      ("a\u{3000}\u{3000}b", ["a", "\u{3000}", "\u{3000}b"]),
      ("👨\u{200D}👩 ok", ["👨\u{200D}👩", " ok"]),
    ])
  func qwen2(text: String, expected: [String]) {
    #expect(Self.words(Array(text.utf8), .qwen2) == expected.map { Array($0.utf8) })
  }

  @Test("cl100k takes up to three digits, GPT-2 takes all and keeps the case of contractions")
  func patternsDiffer() {
    let text = Array("12345 I'M".utf8)
    let shown = { (pattern: SplitPattern) in Self.words(text, pattern).map { String(decoding: $0, as: UTF8.self) } }
    #expect(shown(.cl100k) == ["123", "45", " I", "'M"])
    #expect(shown(.gpt2) == ["12345", " I", "'", "M"])
  }

  @Test("every recorded text is cut as Hugging Face cuts it", arguments: SplitPattern.allCases)
  func golden(pattern: SplitPattern) {
    let cases = Golden.cases.filter { !$0.pieces.isEmpty }
    #expect(cases.count > 40)
    for item in cases { #expect(Self.words(item.text, pattern) == item.pieces[pattern.rawValue], "\(item.text)") }
  }

  @Test("DeepSeek's splits act one after another")
  func deepseek() {
    let shown = { (text: String) in
      Self.words(Array(text.utf8), .deepseekV3).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(shown("1234a  5") == ["123", "4", "a", "  ", "5"])
    #expect(shown("国straße!straße") == ["国", "straße", "!stra", "ße"])
    #expect(shown("カ・カ a\u{1}\u{2}b\u{1}") == ["カ", "・", "カ", " a", "\u{1}", "\u{2}b", "\u{1}"])
  }

  @Test("o200k's words fall from upper to lower case once and keep their contraction")
  func o200k() {
    let shown = { (text: String) in Self.words(Array(text.utf8), .o200k).map { String(decoding: $0, as: UTF8.self) } }
    #expect(shown("HelloWorld HTTPServer don'tX") == ["Hello", "World", " HTTPServer", " don't", "X"])
    #expect(shown("x's't!\n/y") == ["x's", "'t", "!\n/", "y"])
  }

  @Test(
    "blocks of 64 bytes find the words that the plain machine finds, at every level", arguments: SplitPattern.allCases)
  func blocks(pattern: SplitPattern) throws {
    var random = SeededRandom.printed("blocks")
    var definition = try Golden.tokenizer().definition
    definition.pattern = pattern
    let tables = EncodingTables(definition)
    let parts = [
      "the", " of", "'s", "'LL", "'", " ", "  ", "\t", "\n", "\r\n", "12", "3456", "x", "Ab", "//", "/", "!", "#(", "é",
      "中文", "\u{1}", "\u{3000}", "aB", "'re",
    ]
    for _ in 0..<2_000 {
      let text = Array(
        (0..<Int.random(in: 1...200, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined().utf8)
      let wanted = Self.words(text, pattern).map(\.count)
      for level in 0...ck_cpu_level() { #expect(Self.spans(text, tables, level) == wanted, "level \(level): \(text)") }
    }
  }

  /// Lengths of the words, pieces put together again.
  private static func spans(_ text: [UInt8], _ tables: EncodingTables, _ level: Int32) -> [Int] {
    var view = tables.view
    var cursor = ck_word_cursor(position: 0, word_end: 0)
    var ends = [UInt32](repeating: 0, count: 128)
    var lengths: [Int] = []
    var start = 0
    while cursor.position < text.count {
      let base = cursor.position
      let count = ck_word_spans_at(level, &view, text, &cursor, text.count, &ends, ends.count)
      for end in ends[..<count] where end & UInt32(CK_CUT) == 0 {
        lengths.append(base + Int(end) - start)
        start = base + Int(end)
      }
    }
    return lengths
  }

  @Test("any bytes are cut without loss, and no word is empty", arguments: SplitPattern.allCases)
  func malformed(pattern: SplitPattern) {
    var random = SeededRandom.printed("malformed")
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random) | (Bool.random(using: &random) ? 0x80 : 0)
      }
      let words = Self.words(text, pattern)
      #expect(Array(words.joined()) == text)
      #expect(!words.contains { $0.isEmpty })
    }
  }

  @Test(
    "Unicode 16.0 class sizes",
    arguments: [
      (CK_UNICODE_LETTER, 141_028), (CK_UNICODE_NUMBER, 1_911), (CK_UNICODE_MARK, 2_501), (CK_UNICODE_PUNCTUATION, 855),
      (CK_UNICODE_SYMBOL, 8_514), (CK_UNICODE_SPACE, 25), (CK_UNICODE_UPPER, 1_858 + 31),
      (CK_UNICODE_LOWER, 2_258 + 31),
    ])
  func classes(bit: UInt8, size: Int) {
    #expect((UInt32(0)...0x10FFFF).reduce(0) { $0 + (ck_unicode_class($1) & bit != 0 ? 1 : 0) } == size)
  }
}
