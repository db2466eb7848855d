/// A value given to something called password, secret, token or key: `api_key = "..."`, `密码：...`.
/// What is hashed, looked up or only described is none.
enum AssignedSecretDetector {
  static let words: [StaticString] = [
    "password", "passwd", "passwort", "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey",
    "access-key",
    "private_key", "auth_key", "signing_key", "encryption_key", "secret_key", "secretkey", "密码", "密碼", "口令", "密钥", "令牌",
  ]
  /// Values of these need no randomness: people choose them.
  private static let passwords: WordList = ["password", "passwd", "passwort", "密码", "密碼", "口令"]
  private static let hashes: WordList = [
    "sha1", "sha256", "sha512", "md5", "checksum", "digest", "integrity", "csrf", "commit", "etag", "fingerprint",
    "hash", "uuid",
  ]

  /// The word stands at `start..<end`.
  static func find(_ text: TextView, word start: Int, _ end: Int, isCode: Bool) -> Finding? {
    guard let (first, last, isQuoted) = value(text, from: end, isHan: text.at(start) >= 0x80) else { return nil }
    let length = last - first
    guard length >= 6, length <= 200, !Entropy.isSample(text, first, last), !isExpression(text, first, last) else {
      return nil
    }
    let isPassword = passwords.match(text, at: start) != nil
    if isPassword && (isQuoted || !isCode) {
      guard looksChosen(text, first, last) else { return nil }
    } else {
      guard length >= 16, Entropy.looksRandom(text, first, last) else { return nil }
      if text.mentions(hashes, before: start, reach: 40) { return nil }
    }
    if isCode && !isQuoted && !isConfiguration(text, start, last) { return nil }
    return Finding(kind: .secret, start: first, end: last, key: text.exactKey(first, last))
  }

  /// Over a closing quote, blanks, `:`, `=`, `=>`, `是`, `为`, and an opening quote.
  private static func value(_ text: TextView, from end: Int, isHan: Bool) -> (Int, Int, isQuoted: Bool)? {
    var place = end
    if "\"'`]".utf8.contains(text.at(place)) { place += 1 }
    if text.at(place) == UInt8(ascii: "]") { place += 1 }
    while text.at(place) == 0x20 { place += 1 }
    var isAssigned = false
    if ":=".utf8.contains(text.at(place)) {
      place += 1
      while "=>:".utf8.contains(text.at(place)) { place += 1 }
      isAssigned = true
    } else {
      for mark: StaticString in ["：", "是", "为", "為"] where isHan && text.has(mark, at: place) {
        place += 3
        isAssigned = true
        break
      }
    }
    guard isAssigned, place - end < 12 else { return nil }
    while text.at(place) == 0x20, place - end < 24 { place += 1 }
    let quote = text.at(place)
    let isQuoted = "\"'`".utf8.contains(quote)
    if isQuoted { place += 1 }
    var last = place
    while last - place <= 200, isValue(text.at(last), quote: isQuoted ? quote : 0) { last += 1 }
    if isQuoted { return text.at(last) == quote ? (place, last, true) : nil }
    while last > place, ".,;!?)".utf8.contains(text.at(last - 1)) { last -= 1 }
    return (place, last, false)
  }

  private static func isValue(_ byte: UInt8, quote: UInt8) -> Bool {
    guard byte > 0x20, byte < 0x7F, byte != quote else { return false }
    return quote != 0 || !"\"'`,;<>()[]{}|&\\".utf8.contains(byte)
  }

  /// A variable, a call, a path or a template rather than a value.
  private static func isExpression(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let first = text.at(start)
    if "$<{%*[(&@/.".utf8.contains(first) { return true }
    for index in start..<end {
      if "<>{}()$".utf8.contains(text.at(index)) || text.has("://", at: index) || text.has("::", at: index) {
        return true
      }
    }
    return "(".utf8.contains(text.at(end))
  }

  /// A password as people make them: a letter and a digit or sign, and not a word with a number of its own.
  private static func looksChosen(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    var (letters, digits, signs, breaks) = (0, 0, 0, 0)
    for index in start..<end {
      let byte = text.at(index)
      if TextView.isLetter(byte) {
        letters += 1
      } else if TextView.isDigit(byte) {
        digits += 1
      } else if "_-./:,".utf8.contains(byte) {
        breaks += 1
      } else {
        signs += 1
      }
    }
    return letters >= 2 && digits + signs >= 1 && (digits >= 1 || signs >= 2) && breaks * 4 <= end - start
  }

  /// `KEY=value` or `key: value` alone on its line: a file of settings, in which a bare word may stand for it.
  private static func isConfiguration(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let line = text.lineStart(start)
    for index in line..<start {
      let byte = text.at(index)
      guard TextView.isWord(byte) || byte == 0x20 || byte == 0x09 || byte == 0x2D || byte == 0x2E else { return false }
    }
    return text.lineEnd(end) - end <= 1
  }
}
