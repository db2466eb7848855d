import CKernels
import Fixtures
import Testing

@Suite struct LineTallyTests {
  private static func counts(_ tally: ck_line_tally) -> [UInt32] {
    [tally.letters, tally.symbols, tally.han, tally.wide, tally.visible, tally.backslashes, tally.dollars]
  }

  @Test("the vector tally counts what its plain twin does")
  func twins() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for length in Array(0...100) + [1000, 5000] {
      // Some texts have no line feed in them at all, some one in about sixteen bytes.
      let text = (0..<length).map { _ in length % 3 > 0 && random.below(16) == 0 ? 0x0A : UInt8(random.below(256)) }
      for from in [0, length / 3, length] {
        var found = ck_line_tally()
        var expected = ck_line_tally()
        let end = ck_tally_line(text, from, length, &found)
        #expect(end == ck_tally_line_reference(text, from, length, &expected), "seed \(seed)")
        #expect(Self.counts(found) == Self.counts(expected), "seed \(seed), \(length) bytes")
      }
    }
  }

  @Test(
    "what is counted",
    arguments: [
      ("let a = [1];\n{", [4, 4, 0, 0, 9, 0, 0] as [UInt32]), ("中文 é\t$x\\", [1, 2, 2, 1, 6, 1, 1]),
      ("", [0, 0, 0, 0, 0, 0, 0]),
      ("\"quoted\" \u{7F}", [6, 0, 0, 0, 9, 0, 0]),
    ])
  func kinds(_ text: String, _ expected: [UInt32]) {
    var tally = ck_line_tally()
    let bytes = Array(text.utf8)
    let end = ck_tally_line(bytes, 0, bytes.count, &tally)
    #expect(Self.counts(tally) == expected)
    #expect(end == bytes.firstIndex(of: 0x0A) ?? bytes.count)
  }
}
