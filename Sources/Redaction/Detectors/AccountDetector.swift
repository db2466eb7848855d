/// QQ numbers, WeChat names, passports, and account numbers in small letters: nothing of themselves, something beside
/// the word that announces them.
enum AccountDetector {
  /// Of two letters, with what may stand behind them.
  static let words: [StaticString] = [
    "qq:", "qq：", "qq ", "qq=", "qq号", "qq群", "qq是", "qq客服", "qq交流", "qq联系", "qq咨询", "qq1", "qq2", "qq3", "qq4", "qq5",
    "qq6",
    "qq7", "qq8", "qq9", "扣扣", "微信", "weixin", "wechat", "v信", "威信", "vx:", "vx：", "vx号", "vx ", "wx:", "wx：", "wx号",
    "加vx", "加wx",
    "护照", "護照", "passport", "iban",
  ]
  /// The words themselves.
  private static let names: WordList = [
    "qq", "扣扣", "微信", "weixin", "wechat", "v信", "威信", "vx", "wx", "加vx", "加wx", "护照", "護照", "passport", "iban",
  ]
  private static let fillers: WordList = [
    "号码", "号", "號", "群号", "群", "交流群", "是", "为", "為", "：", "number", "num", "no.", "no", "is", "id", "账号", "帐号", "客服",
    "咨询",
    "联系", "（", "编号", "code", "加",
  ]
  private static let notNames: WordList = [
    "wechat", "weixin", "android", "iphone", "http", "https", "www", "javascript", "openid", "unionid", "appid",
    "payment", "login",
    "work", "mini", "official", "true", "false", "null", "none", "string", "message", "public", "group", "service",
    "token", "share",
  ]

  /// One of the words stands at `start`.
  static func find(_ text: TextView, word start: Int, isCode: Bool) -> Finding? {
    guard let end = end(text, start) else { return nil }
    let first = TextView.lowered(text.at(start))
    if first < 0x80, TextView.isAlphanumeric(text.at(start - 1)) || text.at(start - 1) == 0x5F { return nil }
    let (place, isAnnounced) = skipFillers(text, end)
    if first == UInt8(ascii: "q") || text.has("扣扣", at: start) { return qq(text, place, isAnnounced, end) }
    if text.hasFolded("iban", at: start) { return IBANDetector.find(text, place) }
    if first == UInt8(ascii: "p") || text.has("护照", at: start) || text.has("護照", at: start) {
      return passport(text, place)
    }
    return wechat(text, start, place, isAnnounced, isCode: isCode)
  }

  private static func end(_ text: TextView, _ start: Int) -> Int? {
    for word: StaticString in ["qq", "vx", "wx"] where text.hasFolded(word, at: start) { return start + 2 }
    return names.match(text, at: start).map { start + $0 }
  }

  /// - Returns: where the value begins, and whether something between says that one comes.
  private static func skipFillers(_ text: TextView, _ end: Int) -> (Int, Bool) {
    var place = end
    var isAnnounced = false
    while place - end < 30 {
      let byte = text.at(place)
      if byte == 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        place += 1
      } else if ":=#(".utf8.contains(byte) {
        place += 1
        isAnnounced = true
      } else if let length = fillers.match(text, at: place) {
        place += length
        isAnnounced = true
      } else {
        break
      }
    }
    return (place, isAnnounced)
  }

  private static func qq(_ text: TextView, _ start: Int, _ isAnnounced: Bool, _ wordEnd: Int) -> Finding? {
    let end = text.endOfDigits(from: start)
    let length = end - start
    guard text.at(start) != 0x30, (isAnnounced ? 5 : 6)...11 ~= length, !TextView.isWord(text.at(end)) else {
      return nil
    }
    let after = text.at(end)
    if after == UInt8(ascii: "@") || (".-/".utf8.contains(after) && text.isDigit(at: end + 1)) { return nil }
    if MobileDetector.isQuantity(text, end) || (length == 11 && text.at(start) == 0x31) { return nil }
    return Finding(kind: .qq, start: start, end: end, key: text.key(start, end))
  }

  /// A letter, then 5...19 letters, digits, `_` or `-`.
  private static func wechat(
    _ text: TextView, _ word: Int, _ start: Int, _ isAnnounced: Bool, isCode: Bool
  ) -> Finding? {
    guard TextView.isLetter(text.at(start)) else { return nil }
    var end = start
    var isPlain = true
    while end - start <= 20, TextView.isWord(text.at(end)) || text.at(end) == 0x2D {
      if !TextView.isLetter(text.at(end)) { isPlain = false }
      end += 1
    }
    while end > start, text.at(end - 1) == 0x2D { end -= 1 }
    guard (6...20).contains(end - start), !"@(/=[<:".utf8.contains(text.at(end)) else { return nil }
    if text.at(end) == 0x2E && TextView.isAlphanumeric(text.at(end + 1)) { return nil }
    if let length = notNames.match(text, at: start), isPlain || length == end - start { return nil }
    let isAdded =
      text.has("加", at: word) || text.has("加", at: word - 3) || text.has("加我", at: word - 6)
      || text.has("添加", at: word - 6)
    guard isAnnounced || isAdded else { return nil }
    // A plain English word is a name only where nothing else can be meant.
    if isPlain && (isCode || !(isAnnounced || isAdded) || text.at(word) < 0x80) { return nil }
    return Finding(kind: .wechat, start: start, end: end, key: text.exactKey(start, end))
  }

  /// One or two letters and seven or eight digits, or nine digits.
  private static func passport(_ text: TextView, _ start: Int) -> Finding? {
    var place = start
    while place - start < 3, TextView.isLetter(text.at(place)) { place += 1 }
    let letters = place - start
    let end = text.endOfDigits(from: place)
    let digits = end - place
    let isRight = letters == 0 ? digits == 9 : letters == 1 ? (7...8).contains(digits) : letters == 2 && digits == 7
    guard isRight, !TextView.isWord(text.at(end)) else { return nil }
    if ".-".utf8.contains(text.at(end)) && text.isDigit(at: end + 1) { return nil }
    return Finding(kind: .passport, start: start, end: end, key: text.key(start, end))
  }
}
