import Bytes
import CKernels
import Fixtures
import Testing

@testable import TextModels

@Suite("Units of the matching form")
struct MatchUnitsTests {
  private typealias Units = (units: [UInt64], spans: [Range<Int>])

  private typealias Kernel = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Int>?, UnsafePointer<UInt32>?, UnsafeMutablePointer<UInt64>?,
    UnsafeMutablePointer<ck_match_span>?, Int
  ) -> Int

  private static func run(_ text: [UInt8], capacity: Int, _ kernel: Kernel) -> Units {
    var all: Units = ([], [])
    var at = 0
    var units = [UInt64](repeating: 0, count: capacity)
    var spans = [ck_match_span](repeating: ck_match_span(), count: capacity)
    while true {
      let count = text.withUnsafeBufferPointer {
        kernel($0.baseAddress, $0.count, &at, MatchUnits.classes, &units, &spans, capacity)
      }
      all.units += units[..<count]
      all.spans += spans[..<count].map { Int($0.start)..<Int($0.end) }
      if count < capacity { return all }
    }
  }

  private static let pieces = [
    "word", "Another", "x", "sixteen16letters", "fifteen15letter", "seventeen17lettrs", "eight8ch", "naïve", "ÉTÉ",
    "ｆｕｌｌ", "12", "a\u{AD}b", "漢", "字", "かな", "กข", "𠀀", "😀", " ", "  ", "\n", "，", "。", "-", "_", "+", "�", "Ⅷ",
    "Друзья", "\u{200B}", "0", "end",
  ]

  private static func told() -> SeededRandom {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    return SeededRandom(seed)
  }

  private static func random(_ generator: inout SeededRandom) -> [UInt8] {
    if Bool.random(using: &generator) {
      return (0..<Int.random(in: 0..<80)).flatMap { _ in Array(pieces.randomElement(using: &generator)!.utf8) }
    }
    return (0..<Int.random(in: 0..<60)).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
  }

  @Test("The kernel and its plain twin cut any bytes alike, wherever a chunk ends")
  func twins() {
    var generator = Self.told()
    for _ in 0..<3000 {
      let text = Self.random(&generator)
      let plain = Self.run(text, capacity: 1000, ck_match_units_reference)
      for capacity in [1000, 7] {
        let fast = Self.run(text, capacity: capacity, ck_match_units)
        #expect(fast.units == plain.units && fast.spans == plain.spans, "\(text)")
      }
    }
  }

  /// The deduplication's units are made by other code: both must see the same words in the same places.
  @Test("They are the deduplication's units: equal where those are, words where those are")
  func sameAsShingles() {
    var generator = Self.told()
    for _ in 0..<2000 {
      let text = (0..<60).flatMap { _ in Array(Self.pieces.randomElement(using: &generator)!.utf8) }
      var scan = ck_shingle_begin()
      var old = [UInt64](repeating: 0, count: text.count + 65)
      let count = ck_shingle_units(text, text.count, &scan, ShingleClasses.prose, 0, &old, old.count)
      let new = MatchUnits.of(text)
      #expect(new.count == count, "\(String(decoding: text, as: UTF8.self))")
      var partner: [UInt64: UInt64] = [:]
      for (a, b) in zip(old[..<count], new) {
        #expect(a & 1 == b & 1 && partner[a] ?? b == b, "\(String(decoding: text, as: UTF8.self))")
        partner[a] = b
      }
      #expect(Set(partner.values).count == partner.count)
    }
  }

  @Test(
    "Punctuation, case, width and spaces are not seen",
    arguments: [
      ("Hello, World! It's 5 o'clock.", "hello world: IT s 5 - o Clock"), ("今天，天气很好。", "今天天气 很好"),
      ("ＡＢＣ１２３ wide", "abc123 WIDE"), ("a + b = c", "A b c"),
    ])
  func blind(_ a: String, _ b: String) { #expect(MatchUnits.of(Array(a.utf8)) == MatchUnits.of(Array(b.utf8))) }

  @Test("A unit's place is that of its bytes")
  func places() {
    let text = Array("Ab, 汉 naïve!".utf8)
    let found = MatchUnits.located(text).ranges.map { String(decoding: text[$0], as: UTF8.self) }
    #expect(found == ["Ab", "汉", "naïve"])
  }

  @Test("The search for anchors and its plain twin find the same")
  func anchors() {
    var generator = Self.told()
    for (words, ideographs, window) in [(8, 12, 6), (4, 8, 8), (12, 12, 1), (13, 26, 2)] as [(UInt32, UInt32, UInt32)] {
      let units = (0..<6000).map { _ in generator.next() | (Int.random(in: 0..<20, using: &generator) > 0 ? 1 : 0) }
      let padded = [UInt64](repeating: 0, count: 80) + units
      let bits = (0..<1024).map { _ in generator.next() | generator.next() }
      let fast = Self.anchors(padded, bits, words, ideographs, window, ck_match_anchors)
      let plain = Self.anchors(padded, bits, words, ideographs, window, ck_match_anchors_reference)
      #expect(fast == plain)
      #expect(fast.joined().count > 3000)
    }
  }

  private typealias AnchorKernel = (
    UnsafePointer<UInt64>?, Int, UnsafePointer<ck_match_search>?, UnsafeMutablePointer<ck_match_anchor>?
  ) -> Int

  /// What a kernel finds chunk by chunk; in which order those of a block come is not promised.
  private static func anchors(
    _ padded: [UInt64], _ bits: [UInt64], _ words: UInt32, _ ideographs: UInt32, _ window: UInt32,
    _ kernel: AnchorKernel
  ) -> [[String]] {
    var chunks: [[String]] = []
    padded.withUnsafeBufferPointer { padded in
      bits.withUnsafeBufferPointer { bits in
        let filter = ck_match_filter(bits: bits.baseAddress, shift: 54)
        for every in [ck_match_filter(bits: nil, shift: 54), filter] {
          var search = ck_match_search(
            words: words, ideographs: ideographs, window: window, least: filter, every: every)
          var found = [ck_match_anchor](repeating: ck_match_anchor(), count: 2200)
          for start in stride(from: 0, to: padded.count - 80, by: 1000) {
            let count = kernel(padded.baseAddress! + 80 + start, 1000, &search, &found)
            chunks.append(found[..<count].map { "\($0.place) \($0.hash)" }.sorted())
          }
        }
      }
    }
    return chunks
  }

  @Test("A run of units has the same least anchors wherever it stands")
  func leastAnchors() {
    var generator = Self.told()
    let units = (0..<400).map { _ in generator.next() | (Int.random(in: 0..<9, using: &generator) > 0 ? 1 : 0) }
    let bits = [UInt64](repeating: .max, count: 2)
    func anchors(_ before: Int) -> Set<UInt64> {
      let front = (0..<(80 + before)).map { _ in generator.next() }
      let all = front + units
      var found = [ck_match_anchor](repeating: ck_match_anchor(), count: 3000)
      let count = all.withUnsafeBufferPointer { all in
        bits.withUnsafeBufferPointer { bits in
          var search = ck_match_search(
            words: 8, ideographs: 12, window: 6, least: ck_match_filter(bits: bits.baseAddress, shift: 63),
            every: ck_match_filter(bits: nil, shift: 63))
          return ck_match_anchors(all.baseAddress! + 80, all.count - 80, &search, &found)
        }
      }
      // Windows that lie within the run as a whole: what came before them has no part in it.
      return Set(found[..<count].filter { Int($0.place) >= before + 24 }.map(\.hash))
    }
    let first = anchors(0)
    #expect(first.count > 60 && first.count < 250)
    for before in [1, 17, 112, 500, 511, 512, 700] { #expect(anchors(before) == first, "\(before)") }
  }
}
