import CKernels
import Fixtures
import Testing

@testable import TextModels

/// The kernels that cut texts into units and units into shingles, against their plain twins.
@Suite("Shingle kernels")
struct ShingleKernelTests {
  private struct Cut: Equatable {
    var units: [UInt64] = []
    var seen = 0
    var high: UInt64 = 0
    var low: UInt64 = 0
  }

  private typealias Kernel = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<ck_shingle_scan>?, UnsafePointer<UInt32>?, Int32,
    UnsafeMutablePointer<UInt64>?, Int
  ) -> Int

  private static func cut(_ text: [UInt8], capacity: Int, _ keepsOperators: Bool, _ kernel: Kernel) -> Cut {
    var scan = ck_shingle_begin()
    var cut = Cut()
    var units = [UInt64](repeating: 0, count: capacity)
    let classes = keepsOperators ? ShingleClasses.code : ShingleClasses.prose
    while true {
      let count = text.withUnsafeBufferPointer {
        kernel($0.baseAddress, $0.count, &scan, classes, keepsOperators ? 1 : 0, &units, capacity)
      }
      cut.units += units[..<count]
      if count < capacity { break }
    }
    (cut.seen, cut.high, cut.low) = (scan.seen, scan.high, scan.low)
    return cut
  }

  private static let pieces = [
    "word", "Word", "a", "I", "under_score", "sixteenletterword", "aLetterMoreThanSixteen", "x1", "2026", " ", "  ",
    "\n",
    "\t", ", ", ".", "(", ");", "==", "->", "_", "'", "\"", "\u{7F}", "\u{0}", "中", "文字", "，", "。", "々", "ｆｕｌｌ", "＿",
    "é", "É", "naïve", "straße", "Ж", "\u{AD}", "\u{2060}", "→", "×", "€", "한국", "ひらがな", "𠀀", "😀", "\u{E0101}", "𝒳",
    String(repeating: "z", count: 70), String(repeating: " ", count: 70), String(repeating: "#", count: 70),
  ]

  private static func text(_ random: inout SeededRandom) -> [UInt8] {
    var text = (0..<random.below(120)).flatMap { _ in Array(pieces[random.below(pieces.count)].utf8) }
    // Now and then bytes that are no UTF-8.
    for _ in 0..<random.below(3) where !text.isEmpty { text[random.below(text.count)] = UInt8(random.below(256)) }
    return text
  }

  @Test("Texts of all scripts, broken ones too, are cut alike wherever a chunk ends")
  func units() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for _ in 0..<2000 {
      let text = Self.text(&random)
      for keepsOperators in [false, true] {
        let plain = Self.cut(text, capacity: 20_000, keepsOperators, ck_shingle_units_reference)
        for capacity in [20_000, 65, 7] {
          let fast = Self.cut(text, capacity: capacity, keepsOperators, ck_shingle_units)
          #expect(fast == plain, "seed \(seed), capacity \(capacity): \(text)")
        }
      }
    }
  }

  @Test("Every byte before and after a word, at every place of a block")
  func everyByte() {
    for byte in UInt8.min...UInt8.max {
      for place in [0, 1, 31, 62, 63, 64, 79, 80, 120] {
        var text = Array(String(repeating: "ab cd ", count: 30).utf8)
        text[place] = byte
        for keepsOperators in [false, true] {
          let plain = Self.cut(text, capacity: 1000, keepsOperators, ck_shingle_units_reference)
          let fast = Self.cut(text, capacity: 1000, keepsOperators, ck_shingle_units)
          #expect(fast == plain, "byte \(byte) at \(place), operators \(keepsOperators)")
        }
      }
    }
  }

  @Test("Windows of all lengths over words and ideographs are those of the plain twin")
  func windows() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for count in [0, 1, 4, 7, 15, 16, 17, 33, 200] {
      for (word, ideograph) in [(5, 5), (7, 5), (5, 8), (16, 1), (1, 16), (1, 1)] as [(UInt32, UInt32)] {
        for before in [0, 3, 16] {
          var units = (0..<(16 + count)).map { _ in random.next() | (random.below(4) == 0 ? 0 : 1) }
          for index in 0..<(16 - before) { units[index] = 0 }
          var fast = [UInt64](repeating: 0, count: count + 8)
          var plain = fast
          units.withUnsafeBufferPointer { units in
            let fresh = units.baseAddress! + 16
            let made = ck_shingle_windows(fresh, count, before, word, ideograph, &fast)
            #expect(made == ck_shingle_windows_reference(fresh, count, before, word, ideograph, &plain))
            #expect(fast[..<made] == plain[..<made], "seed \(seed), \(count) after \(before): \(word), \(ideograph)")
          }
        }
      }
    }
  }
}
