/// Public IPv4 addresses; version numbers and numbered headings are none.
enum IPv4Detector {
  private static let versionWords: WordList = [
    "version", "ver.", "版本", "release", "build", "§", "第", "section", "chapter", "升级", "固件", "firmware",
  ]
  private static let addressWords: WordList = [
    "ip", "地址", "服务器", "server", "host", "address", "from", "访问", "ping", "dns", "主机", "网关",
  ]

  /// `start` is the first digit of the first octet.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    var value: UInt32 = 0
    var place = start
    for octet in 0..<4 {
      let end = text.endOfDigits(from: place)
      let length = end - place
      guard length >= 1, length <= 3, length == 1 || text.at(place) != 0x30 else { return nil }
      let number = text.number(place, length)
      guard number <= 255 else { return nil }
      value = value << 8 | UInt32(number)
      place = end
      if octet < 3 {
        guard text.at(place) == UInt8(ascii: ".") else { return nil }
        place += 1
      }
    }
    guard isPublic(value), isFree(text, start, place), !isVersion(text, value, start, place) else { return nil }
    return Finding(kind: .ipv4, start: start, end: place, key: UInt64(value))
  }

  private static func isFree(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    let after = text.at(end)
    if TextView.isWord(after) || (after == UInt8(ascii: ".") && text.isDigit(at: end + 1)) { return false }
    if after == UInt8(ascii: "-") && TextView.isWord(text.at(end + 1)) { return false }
    let before = text.at(start - 1)
    if TextView.isWord(before) { return false }
    switch before {
    case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "^"): return false
    case UInt8(ascii: "-"): return !TextView.isWord(text.at(start - 2))
    case UInt8(ascii: "="): return !"=<>~!".utf8.contains(text.at(start - 2))
    default: return true
    }
  }

  private static func isVersion(_ text: TextView, _ value: UInt32, _ start: Int, _ end: Int) -> Bool {
    if text.mentions(versionWords, before: start, reach: 16) { return true }
    for word: StaticString in ["节", "章", "版", "條", "条"] where text.has(word, at: end) { return true }
    let octets = (value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255)
    let tails = max(octets.1, octets.2, octets.3)
    var small = 0
    for shift in stride(from: 0, through: 24, by: 8) where value >> UInt32(shift) & 255 <= 10 { small += 1 }
    let looksSmall = tails <= 30 || (max(octets.0, tails) < 100 && small >= 2)
    return looksSmall && !text.mentions(addressWords, before: start, reach: 30)
  }

  /// Not private, loopback, link-local, shared, documentation, benchmark (RFC 6890), local multicast or a netmask.
  private static func isPublic(_ value: UInt32) -> Bool {
    // A network's name ends in zeros.
    if value & 0xFFFF == 0 { return false }
    return switch (value >> 24, value >> 16 & 255, value >> 8 & 255) {
    case (0, _, _), (10, _, _), (127, _, _), (224, 0, 0), (239, 255, _), (255, _, _): false
    case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
    case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113): false
    default: true
    }
  }
}
