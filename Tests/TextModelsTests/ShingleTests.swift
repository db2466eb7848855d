import Bytes
import Fixtures
import Testing

@testable import TextModels

private func set(_ text: String, _ rule: ShingleRule = .prose) -> ShingleSet {
  ShingleSet(Array(text.utf8), rule: rule)
}

@Suite("Shingles")
struct ShingleTests {
  @Test(
    "One matching form whatever the case, width, spaces and punctuation",
    arguments: [
      ("Hello, World! This is a test.", "hello world  this is A TEST"),
      ("今天天气很好，我们去公园。", "今天天气很好,我们去公园"),
      ("ＡＢＣ１２３ is full width text", "abc123 is full width text"),
      ("ÉTÉ À ПАРИЖ с Друзьями сегодня", "été à париж С ДРУЗЬЯМИ сегодня"),
      ("soft\u{AD}hyphen and word\u{2060}joiner are not seen", "softhyphen and wordjoiner are not seen"),
    ])
  func sameForm(_ a: String, _ b: String) {
    #expect(set(a).exactKey == set(b).exactKey)
    #expect(set(a).hashes == set(b).hashes)
  }

  @Test(
    "Digits, order and signs with a meaning make another form",
    arguments: [
      ("version 1.2 of the program", "version 1.3 of the program"), ("a + b", "a - b"), ("猫吃鱼", "鱼吃猫"),
      ("one two", "onetwo"), ("...", "!!!"), ("price 5€", "price 5$"),
    ])
  func otherForm(_ a: String, _ b: String) { #expect(set(a).exactKey != set(b).exactKey) }

  @Test("How many shingles a text has, by script")
  func counts() {
    #expect(set("one two three four five").hashes.count == 1)
    #expect(set("one two three four").hashes.isEmpty)
    #expect(set("一二三四五六七").hashes.count == 3)
    #expect(set("the the the the the the the").hashes.count == 1)
    #expect(set("the the the the the the the").total == 3)
    // Windows that hold an ideograph take five units; the word among them is one.
    #expect(set("我们用 React 写界面").hashes.count == 3)
    #expect(set("x = f(y);", .code).hashes.count == 1)
    #expect(set("").hashes.isEmpty)
  }

  @Test("Operators are units of code and not of prose")
  func operators() {
    let a = "let total = first + second; let rest = total % count; return rest"
    let b = "let total = first - second; let rest = total / count; return rest"
    #expect(set(a).hashes == set(b).hashes)
    #expect(set(a, .code).hashes != set(b, .code).hashes)
    #expect(set("int  x =\n\t1; return x;", .code).hashes == set("int x = 1; return x;", .code).hashes)
  }

  @Test("An edit changes only the shingles that reach over it")
  func locality() {
    let words = (0..<200).map { "word\($0)" }
    var edited = words
    edited[100] = "changed"
    edited.insert("inserted", at: 20)
    let similarity = set(words.joined(separator: " ")).jaccard(set(edited.joined(separator: " ")))
    // 196 shingles before, 197 after; 4 lost at the insertion and 5 at the change.
    #expect(abs(similarity - 187.0 / 206.0) < 1e-9)
  }

  @Test("Malformed bytes and long texts over chunk boundaries are taken as they come")
  func robust() {
    let broken: [UInt8] = [0xE4, 0xB8, 0x20, 0xFF, 0xC0, 0x61, 0xE4]
    #expect(ShingleSet(broken, rule: .prose).hashes.isEmpty)
    let long = (0..<10_000).map { "w\($0)" }.joined(separator: " ")
    #expect(set(long).total == 9_996)
    #expect(set(long).hashes.count == 9_996)
  }

  @Test("Distinct sorts as sorting does, repeated and skewed hashes too")
  func distinct() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next() as UInt64
    print("seed \(seed)")
    var generator = SeededRandom(seed)
    for count in [0, 1, 63, 64, 65, 1000, 5000] {
      let uniform = (0..<count).map { _ in generator.next() }
      let repeated = (0..<count).map { _ in generator.next() % 7 &* 0x1111_1111_1111_1111 }
      let narrow = (0..<count).map { _ in generator.next() >> 40 }
      for hashes in [uniform, repeated, narrow] { #expect(ShingleSet.distinct(hashes) == Set(hashes).sorted()) }
    }
  }
}
