/// E-mail addresses, found from their `@`.
struct EmailDetector {
  /// Last labels that are file names, not domains: `icon@2x.png`, `pkg@next.js`.
  private static let fileEndings: [StaticString] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "jsx", "tsx", "css", "html", "json", "md", "py", "rb", "rs",
    "java", "cpp", "swift", "sh", "txt", "xml", "yaml", "yml", "toml", "lock", "gz", "zip", "pdf", "class", "jar", "so",
    "service", "target", "socket", "timer", "mount", "vue", "min",
  ]

  static func find(_ text: TextView, at sign: Int) -> Finding? {
    var start = sign
    while start > 0, sign - start < 65, isLocal(text.at(start - 1)) { start -= 1 }
    while start < sign, !TextView.isWord(text.at(start)) { start += 1 }
    guard start < sign, sign - start <= 64, text.at(sign - 1) != UInt8(ascii: ".") else { return nil }
    // Handles (@user@host), user names in links and SSH remotes are no addresses.
    let before = text.at(start - 1)
    if before == UInt8(ascii: "@") || (before == UInt8(ascii: "/") && text.at(start - 2) == UInt8(ascii: "/")) {
      return nil
    }
    if sign - start == 3, text.has("git", at: start) { return nil }
    if before == UInt8(ascii: ":"), text.isInLink(start) { return nil }
    guard let end = domainEnd(text, from: sign + 1) else { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in start..<end {
      let byte = text.at(index)
      hash = (hash ^ UInt64(TextView.isLetter(byte) ? byte | 0x20 : byte)) &* 0x0000_0100_0000_01B3
    }
    return Finding(kind: .email, start: start, end: end, key: hash)
  }

  private static func isLocal(_ byte: UInt8) -> Bool {
    TextView.isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "%")
  }

  /// Labels of letters, digits and hyphens; at least two, the last of 2...24 letters.
  private static func domainEnd(_ text: TextView, from start: Int) -> Int? {
    var end = start
    var labelStart = start
    var lastDot = -1
    while end - start < 254 {
      let byte = text.at(end)
      if byte == UInt8(ascii: "."), end > labelStart, TextView.isLetter(text.at(end + 1)) || text.isDigit(at: end + 1) {
        lastDot = end
        labelStart = end + 1
      } else if !(TextView.isLetter(byte) || TextView.isDigit(byte) || (byte == 0x2D && end > labelStart)) {
        break
      }
      end += 1
    }
    while end > labelStart, text.at(end - 1) == 0x2D { end -= 1 }
    guard lastDot > 0, end - labelStart >= 2, end - labelStart <= 24 else { return nil }
    for index in labelStart..<end where !TextView.isLetter(text.at(index)) { return nil }
    for ending in fileEndings
    where ending.utf8CodeUnitCount == end - labelStart && text.hasFolded(ending, at: labelStart) {
      return nil
    }
    return end
  }
}
