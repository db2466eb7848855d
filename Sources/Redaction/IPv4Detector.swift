/// Public IPv4 addresses; version numbers and numbered headings are none.
struct IPv4Detector {
  private static let versionWords: [StaticString] = [
    "version", "ver.", "版本", "release", "build", "§", "第", "section", "chapter", "升级",
  ]
  private static let addressWords: [StaticString] = [
    "ip", "地址", "服务器", "server", "host", "address", "from", "访问", "ping", "dns",
  ]

  static func find(_ text: TextView, _ start: Int) -> Finding? {
    var octets: [Int] = []
    var place = start
    while octets.count < 4 {
      var value = 0
      let first = place
      while text.isDigit(at: place), place - first < 4 {
        value = value * 10 + Int(text.at(place)) - 0x30
        place += 1
      }
      let length = place - first
      guard length >= 1, length <= 3, value <= 255, length == 1 || text.at(first) != 0x30 else { return nil }
      octets.append(value)
      if octets.count < 4 {
        guard text.at(place) == UInt8(ascii: ".") else { return nil }
        place += 1
      }
    }
    guard isPublic(octets), isFree(text, start, place), !isVersion(text, octets, start, place) else { return nil }
    return Finding(kind: .ipv4, start: start, end: place, key: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }

  private static func isFree(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let after = text.at(end)
    if TextView.isWord(after) || (after == UInt8(ascii: ".") && text.isDigit(at: end + 1)) { return false }
    if after == UInt8(ascii: "-") && TextView.isWord(text.at(end + 1)) { return false }
    switch text.at(start - 1) {
    case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "^"): return false
    case UInt8(ascii: "-"): return !TextView.isWord(text.at(start - 2))
    case UInt8(ascii: "="): return !"=<>~!".utf8.contains(text.at(start - 2))
    default: return true
    }
  }

  private static func isVersion(_ text: TextView, _ octets: [Int], _ start: Int, _ end: Int) -> Bool {
    if text.mentions(versionWords, before: start, reach: 16) { return true }
    for word: StaticString in ["节", "章", "版", "條", "条"] where text.has(word, at: end) { return true }
    let isSmall =
      octets.dropFirst().allSatisfy { $0 <= 30 } || (octets.allSatisfy { $0 < 100 } && octets.count { $0 <= 10 } >= 2)
    return isSmall && !text.mentions(addressWords, before: start, reach: 30)
  }

  /// Not private, loopback, link-local, shared, documentation, benchmark (RFC 6890), local multicast or a netmask.
  private static func isPublic(_ octets: [Int]) -> Bool {
    switch (octets[0], octets[1], octets[2]) {
    case (0, _, _), (10, _, _), (127, _, _), (224, 0, 0), (239, 255, _), (255, _, _): false
    case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
    case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113): false
    default: true
    }
  }
}
