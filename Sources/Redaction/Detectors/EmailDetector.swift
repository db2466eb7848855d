/// E-mail addresses, found from their `@`.
enum EmailDetector {
  /// Last labels that are file names, not domains: `icon@2x.png`, `pkg@next.js`.
  private static let fileEndings: [StaticString] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "jsx", "tsx", "css", "html", "json", "md", "py", "rb", "rs",
    "java", "cpp", "swift", "sh", "txt", "xml", "yaml", "yml", "toml", "lock", "gz", "zip", "pdf", "class", "jar", "so",
    "service", "target", "socket", "timer", "mount", "vue", "min",
  ]
  /// Last labels that are domains for sure: what is asked of an address outside strings and comments of source code.
  private static let domains: [StaticString] = [
    "com", "org", "net", "edu", "gov", "io", "cn", "de", "fr", "uk", "jp", "us", "ru", "info", "dev", "eu", "ch", "it",
    "nl", "se", "fi", "es", "pl", "br", "in", "au", "ca", "kr", "tw", "hk", "at", "be", "dk", "cz", "nz", "me", "mil",
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
    guard let (end, _) = domainEnd(text, from: sign + 1) else { return nil }
    return Finding(kind: .email, start: start, end: end, key: text.exactKey(start, end))
  }

  /// Whether the domain of a found address ends in a label that nothing else ends in.
  static func hasKnownDomain(_ text: TextView, _ found: Finding) -> Bool {
    var start = found.end
    while start > found.start, text.at(start - 1) != UInt8(ascii: ".") { start -= 1 }
    return domains.contains { $0.utf8CodeUnitCount == found.end - start && text.hasFolded($0, at: start) }
  }

  private static func isLocal(_ byte: UInt8) -> Bool {
    TextView.isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "%")
  }

  /// Labels of letters, digits and hyphens; at least two, the last of 2...24 letters.
  private static func domainEnd(_ text: TextView, from start: Int) -> (end: Int, label: Int)? {
    var end = start
    var labelStart = start
    var lastDot = -1
    while end - start < 254 {
      let byte = text.at(end)
      if byte == UInt8(ascii: "."), end > labelStart, TextView.isAlphanumeric(text.at(end + 1)) {
        lastDot = end
        labelStart = end + 1
      } else if !(TextView.isAlphanumeric(byte) || (byte == 0x2D && end > labelStart)) {
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
    return (end, labelStart)
  }
}
