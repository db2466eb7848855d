/// User name and password in a web address: `https://user:password@host`.
enum CredentialDetector {
  /// What documentation writes there.
  private static let samples: WordList = [
    "user", "username", "name", "login", "usr", "password", "passwd", "pass", "pwd", "secret", "token", "xxx", "your",
    "my", "example",
    "foo", "bar", "test", "root", "admin", "guest", "postgres", "用户名", "密码",
  ]

  /// `sign` is the `@`; the colon before it must stand behind `://`.
  static func find(_ text: TextView, at sign: Int) -> Finding? {
    var start = sign
    var colon = -1
    while start > 0, sign - start < 300 {
      let byte = text.at(start - 1)
      if byte == UInt8(ascii: "/") { break }
      guard byte > 0x20, byte < 0x7F, !"\"'`<>{}$@?#()[]|,".utf8.contains(byte) else { return nil }
      if byte == UInt8(ascii: ":") { colon = start - 1 }
      start -= 1
    }
    guard colon > start, colon + 1 < sign, text.has("://", at: start - 3) else { return nil }
    guard TextView.isAlphanumeric(text.at(sign + 1)) || text.at(sign + 1) == UInt8(ascii: "[") else { return nil }
    if isSample(text, colon + 1, sign) { return nil }
    return Finding(kind: .credential, start: start, end: sign, key: text.exactKey(start, sign))
  }

  /// A password of a sample's word alone, of stars, or a variable.
  private static func isSample(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    if let length = samples.match(text, at: start), length == end - start { return true }
    if text.at(start) == UInt8(ascii: "%"), text.at(start + 1) == UInt8(ascii: "s") { return true }
    return (start..<end).allSatisfy { text.at($0) == text.at(start) }
  }
}
