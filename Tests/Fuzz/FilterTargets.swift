import Bytes
import CKernels
import Documents
import TextModels

@testable import Filtering

/// What the rules ask of a text, each part alone and against a plain way of counting.
extension FuzzTarget {
  private static let mostUnits = 1500

  /// Each byte is a unit, one of 32, of a length that its value says; the first byte chooses words or ideographs.
  static let repetition = FuzzTarget(name: "repetition") {
    [
      bytes("\u{0}abcdefghijabcdefghijabcdeabcdeab"), bytes("\u{1}" + String(repeating: "abcab", count: 40)),
      bytes("\u{0}" + String(repeating: "a", count: 300)), bytes("\u{1}abcdefghijklmnopqrstuvwxyz"), bytes("\u{0}a"),
    ]
  } run: { input in
    guard let first = input.first else { return }
    let (scale, between): (Int, UInt32) = first & 1 == 0 ? (1, 1) : (2, 0)
    let units = input.dropFirst().prefix(mostUnits).map { $0 & 31 }
    let hashes = units.map { (UInt64($0) + 1) &* 0x9E37_79B9_7F4A_7C15 }
    let lengths = units.map { UInt32($0 % 7) + 1 }
    var memory = ck_repetition_memory()
    defer { ck_repetition_free(&memory) }
    var found = ck_repetition()
    ck_measure_repetition(hashes, lengths, units.count, scale, between, &memory, &found)
    let grams = Grams(units: units, lengths: lengths, between: UInt64(between))
    let (top, repeated) = (found.top, found.repeated)
    for (n, value) in [(2, top.0), (3, top.1), (4, top.2)] {
      let expected = grams.top(n * scale)
      promise(value == expected, "the most common \(n)-gram has \(value) characters, counted plainly \(expected)")
    }
    let all = [
      (5, repeated.0), (6, repeated.1), (7, repeated.2), (8, repeated.3), (9, repeated.4), (10, repeated.5),
    ]
    for (n, value) in all {
      let expected = grams.repeated(n * scale)
      promise(value == expected, "repeated \(n)-grams have \(value) characters, counted plainly \(expected)")
    }
  }

  /// A list of phrases and a text: as many bytes are covered as a search at every place finds.
  static let phraseLists = FuzzTarget(name: "phrase-lists") {
    [
      joined([bytes("buy now\n# no\nnow\n广告\n看广告了"), bytes("Buy NOW, webuy now. 看广告了吗 now")]),
      joined([bytes("aba\nab\nbab"), bytes("ababab abab-ab")]),
      joined([[0x80, 0x81, 0x0A, 0xFF, 0x41], [0x20, 0x80, 0x81, 0x80, 0xFF, 0x61, 0xFF, 0x41]]),
    ]
  } run: { input in
    let files = parts(input, 2)
    guard files.count == 2, files[0].count <= 512 else { return }
    let text = Array(files[1].prefix(2048))
    let lists = PhraseLists(texts: ["dated": files[0]])
    var signals = Signals()
    text.withUnsafeBufferPointer { lists.fill(&signals, $0) }
    let covered = plainlyCovered(text, lists.phrases(of: .datedShare) ?? [])
    let expected = text.isEmpty ? 0 : Float(covered) / Float(text.count)
    promise(signals[.datedShare] == expected, "\(signals[.datedShare]) of the text is covered, searched \(expected)")
  }

  private static func plainlyCovered(_ text: [UInt8], _ phrases: [[UInt8]]) -> Int {
    let small = text.map(LineSignal.lowered)
    var isCovered = [Bool](repeating: false, count: text.count)
    for phrase in phrases.map({ $0.map(LineSignal.lowered) }) where !phrase.isEmpty && phrase.count <= text.count {
      for start in 0...(text.count - phrase.count) where small[start] == phrase[0] {
        let isInside =
          start > 0 && PhraseSieve.isAlphanumeric(text[start]) && PhraseSieve.isAlphanumeric(text[start - 1])
        if isInside || !small[start..<(start + phrase.count)].elementsEqual(phrase) { continue }
        for place in start..<(start + phrase.count) { isCovered[place] = true }
      }
    }
    return isCovered.count { $0 }
  }

  /// Any bytes, short and long enough to be read at three places.
  static let advertisement = FuzzTarget(name: "advertisement") {
    [
      bytes("Order now and get 50% off! Free shipping worldwide, call our hotline today, limited time offer."),
      bytes("限时特价，全场五折，扫码加微信立即领取优惠券，数量有限，先到先得，赶快下单吧！"), bytes("x"), [0xFF, 0, 0x80],
    ]
  } run: { input in
    guard let model = AdvertisementModel.builtIn else { preconditionFailure("the built-in model cannot be read") }
    let long = Array(repeatElement(input, count: input.isEmpty ? 0 : 1 + 8192 / input.count).joined())
    for text in [input, long] {
      let value = text.withUnsafeBufferPointer { model.probability($0) }
      promise(value >= 0 && value <= 1, "a probability of \(value)")
      promise(text.count >= AdvertisementModel.fewestBytes || value == 0, "a text of \(text.count) bytes was judged")
      promise(text.withUnsafeBufferPointer { model.probability($0) } == value, "judged otherwise the second time")
    }
  }

  static let commentLines = FuzzTarget(name: "comment-lines") {
    [
      bytes("int a; // b\n/* one\n two */\n# c\n#include <d>\n"),
      bytes("\"\"\"Doc.\n\nMore.\n\"\"\"\nx = 1\n=pod\n\n=cut\n"),
      bytes("/*"), bytes("'''\n<!--\n-->\n'''"), bytes("--\n;\n%%\n- \n/"),
    ]
  } run: { input in
    func share(_ text: [UInt8]) -> Float { text.withUnsafeBufferPointer { CommentLines.share($0) } }
    let value = share(input)
    promise(value >= 0 && value <= 1, "a share of \(value)")
    promise(share(input + [0x0A, 0x20, 0x0A]) == value, "empty lines count")
    promise(share([0x0A] + input) == value, "an empty line in front counts")
    let lines = input.split(separator: 0x0A).count { $0.contains { $0 > 0x20 } }
    promise(lines > 0 || value == 0, "comments in a text without a line")
  }

  /// The place that is shown of a hit lies in the text, and what is shown of it is text.
  static let rulePlace = FuzzTarget(name: "rule-place") {
    [
      bytes("same line\nsame line\nhttp://a.b {x}\n【好】 \u{FFFD} generated: do not edit\n"),
      bytes("一行很长的文字，没有空格，也没有换行，一直写下去。\n立即购买"),
    ]
  } run: { input in
    guard let rules = patternRules else { preconditionFailure("the rules cannot be read") }
    let hits =
      Signal.allCases.map { RuleHit(rule: "", value: 0, threshold: 0, signal: $0.name) }
      + rules.rules.map { RuleHit(rule: $0.name, value: 0, threshold: 0, signal: $0.subject.name) }
    for hit in hits {
      guard let place = RulePlace.find(hit, in: input, [], rules: rules, phrases: .builtIn) else { continue }
      promise(place.lowerBound >= 0 && place.upperBound <= input.count && !place.isEmpty, "\(hit): \(place)")
      let excerpt = RulePlace.excerpt(input, place)
      promise(
        UTF8Text.firstInvalid(input) != nil || UTF8Text.firstInvalid(excerpt) == nil, "\(hit): the excerpt is no text")
    }
  }

  private static let patternRules = try? RuleSet(
    Array(
      """
      { rules: [
        { name: "a", pattern: "generated.*edit$", literal: "edit", canary: "generated edit" },
        { name: "b", pattern: "[0-9]+", literal: " ", canary: " 1" },
        { name: "c", pattern: "x*", literal: "e", canary: "ex" },
      ] }
      """.utf8), file: "fuzz")
}

/// N-grams of units, counted as the rules' definition says.
private struct Grams {
  let units: [UInt8]
  let lengths: [UInt32]
  let between: UInt64

  private func characters(_ start: Int, _ n: Int, _ between: UInt64) -> UInt64 {
    lengths[start..<(start + n)].reduce(between * UInt64(n - 1)) { $0 + UInt64($1) }
  }

  /// All occurrences of the most common one; of those as common, the one that comes first.
  func top(_ n: Int) -> UInt64 {
    guard units.count >= n else { return 0 }
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for start in 0...(units.count - n) { counts[units[start..<(start + n)], default: 0] += 1 }
    let most = counts.values.max() ?? 0
    for start in 0...(units.count - n) where counts[units[start..<(start + n)]] == most {
      return UInt64(most) * characters(start, n, between)
    }
    return 0
  }

  /// Grams that were there before, each place counted once.
  func repeated(_ n: Int) -> UInt64 {
    var seen = Set<ArraySlice<UInt8>>()
    var sum: UInt64 = 0
    var start = 0
    while start + n <= units.count {
      let isNew = seen.insert(units[start..<(start + n)]).inserted
      if !isNew { sum += characters(start, n, 0) }
      start += isNew ? 1 : n
    }
    return sum
  }
}
