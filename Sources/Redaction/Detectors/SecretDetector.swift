/// Keys and tokens that say what they are: by a maker's prefix, as a JSON web token, or in PEM armour.
enum SecretDetector {
  /// A maker's prefix, which characters follow, and how many.
  private struct Form: Sendable {
    let prefix: StaticString
    let alphabet: Alphabet
    let fewest: Int
    let most: Int
  }

  private enum Alphabet: Sendable {
    case capitals, alphanumeric, base64URL, hexadecimal

    func holds(_ byte: UInt8) -> Bool {
      switch self {
      case .capitals: TextView.isCapital(byte) || TextView.isDigit(byte)
      case .alphanumeric: TextView.isAlphanumeric(byte)
      case .base64URL: TextView.isWord(byte) || byte == UInt8(ascii: "-")
      case .hexadecimal: IPv6Detector.isHex(byte)
      }
    }
  }

  private static let forms: [Form] = [
    Form(prefix: "AKIA", alphabet: .capitals, fewest: 16, most: 16),
    Form(prefix: "ASIA", alphabet: .capitals, fewest: 16, most: 16),
    Form(prefix: "AKID", alphabet: .alphanumeric, fewest: 13, most: 40),
    Form(prefix: "LTAI", alphabet: .alphanumeric, fewest: 12, most: 26),
    Form(prefix: "AIza", alphabet: .base64URL, fewest: 35, most: 35),
    Form(prefix: "ya29.", alphabet: .base64URL, fewest: 30, most: 400),
    Form(prefix: "ghp_", alphabet: .alphanumeric, fewest: 36, most: 255),
    Form(prefix: "gho_", alphabet: .alphanumeric, fewest: 36, most: 255),
    Form(prefix: "ghu_", alphabet: .alphanumeric, fewest: 36, most: 255),
    Form(prefix: "ghs_", alphabet: .alphanumeric, fewest: 36, most: 255),
    Form(prefix: "ghr_", alphabet: .alphanumeric, fewest: 36, most: 255),
    Form(prefix: "github_pat_", alphabet: .base64URL, fewest: 60, most: 255),
    Form(prefix: "glpat-", alphabet: .base64URL, fewest: 20, most: 64),
    Form(prefix: "sk-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "sk_live_", alphabet: .alphanumeric, fewest: 20, most: 250),
    Form(prefix: "sk_test_", alphabet: .alphanumeric, fewest: 20, most: 250),
    Form(prefix: "rk_live_", alphabet: .alphanumeric, fewest: 20, most: 250),
    Form(prefix: "xoxb-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "xoxp-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "xoxa-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "xoxr-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "xoxs-", alphabet: .base64URL, fewest: 20, most: 250),
    Form(prefix: "SG.", alphabet: .base64URL, fewest: 16, most: 70),
    Form(prefix: "npm_", alphabet: .alphanumeric, fewest: 36, most: 36),
    Form(prefix: "pypi-AgEI", alphabet: .base64URL, fewest: 50, most: 250),
    Form(prefix: "hf_", alphabet: .alphanumeric, fewest: 30, most: 40),
    Form(prefix: "dop_v1_", alphabet: .hexadecimal, fewest: 64, most: 64),
    Form(prefix: "shpat_", alphabet: .hexadecimal, fewest: 32, most: 32),
  ]
  static let prefixes: [StaticString] = forms.map(\.prefix) + ["eyJ", "BEGIN "]
  /// No PEM key is longer.
  private static let longestKey = 16 << 10

  /// `start` is where a prefix stands.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    if text.has("BEGIN ", at: start) { return text.has("-----", at: start - 5) ? privateKey(text, start - 5) : nil }
    if TextView.isWord(text.at(start - 1)) || text.at(start - 1) == UInt8(ascii: "-") { return nil }
    if text.has("eyJ", at: start) { return webToken(text, start) }
    for form in forms where text.has(form.prefix, at: start) {
      let first = start + form.prefix.utf8CodeUnitCount
      var end = first
      while end - first <= form.most, form.alphabet.holds(text.at(end)) { end += 1 }
      while end > first, text.at(end - 1) == UInt8(ascii: "-") { end -= 1 }
      if form.prefix.utf8CodeUnitCount == 3, text.at(start) == UInt8(ascii: "S"), text.at(end) == 0x2E {
        let second = endOfToken(text, end + 1)
        if second - end > 20 { end = second }
      }
      guard end - first >= form.fewest, end - first <= max(form.most, 70), !TextView.isWord(text.at(end)) else {
        continue
      }
      let isLikely =
        form.prefix.utf8CodeUnitCount > 3 ? Entropy.isMixed(text, first, end) : Entropy.looksRandom(text, first, end)
      guard isLikely, !Entropy.isSample(text, start, end) else { return nil }
      return Finding(kind: .secret, start: start, end: end, key: text.exactKey(start, end))
    }
    return nil
  }

  private static func endOfToken(_ text: TextView, _ start: Int) -> Int {
    var end = start
    while end - start < 4096, Alphabet.base64URL.holds(text.at(end)) { end += 1 }
    return end
  }

  /// Three parts in base64url, the first two being JSON objects (`{"` is `eyJ`).
  private static func webToken(_ text: TextView, _ start: Int) -> Finding? {
    let first = endOfToken(text, start)
    guard first - start >= 12, text.at(first) == 0x2E, text.has("eyJ", at: first + 1) else { return nil }
    let second = endOfToken(text, first + 1)
    guard second - first >= 12, text.at(second) == 0x2E else { return nil }
    let end = endOfToken(text, second + 1)
    guard end - second >= 11 else { return nil }
    return Finding(kind: .secret, start: start, end: end, key: text.exactKey(start, end))
  }

  /// The body of a private key between its armour lines; the armour stays, so that what it was is still read.
  private static func privateKey(_ text: TextView, _ start: Int) -> Finding? {
    let lineEnd = text.lineEnd(start, reach: 80)
    var isPrivate = false
    for index in start..<lineEnd where text.has("PRIVATE KEY-----", at: index) { isPrivate = true }
    guard isPrivate else { return nil }
    var first = start + 11
    while first < lineEnd, !text.has("-----", at: first) { first += 1 }
    first += 5
    var end = first
    let stop = min(text.count, first + longestKey)
    while end < stop, !text.has("-----END", at: end) { end += 1 }
    guard end < stop else { return nil }
    while first < end, isBlank(text, first) { first += text.at(first) == UInt8(ascii: "\\") ? 2 : 1 }
    while end > first, isBlankBefore(text, end) { end -= text.at(end - 2) == UInt8(ascii: "\\") ? 2 : 1 }
    guard end - first >= 40 else { return nil }
    return Finding(kind: .secret, start: first, end: end, key: text.exactKey(first, end))
  }

  private static func isBlank(_ text: TextView, _ index: Int) -> Bool {
    text.at(index) <= 0x20 || (text.at(index) == UInt8(ascii: "\\") && "nr".utf8.contains(text.at(index + 1)))
  }

  private static func isBlankBefore(_ text: TextView, _ end: Int) -> Bool {
    text.at(end - 1) <= 0x20 || (text.at(end - 2) == UInt8(ascii: "\\") && "nr".utf8.contains(text.at(end - 1)))
  }
}
