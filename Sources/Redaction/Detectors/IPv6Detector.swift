/// Public IPv6 addresses (RFC 4291), `::` and a dotted tail included; times of day and paths of names are none.
enum IPv6Detector {
  /// `start` is the first of a run of hexadecimal digits and colons.
  static func find(_ text: TextView, _ start: Int) -> Finding? {
    let before = text.at(start - 1)
    if TextView.isWord(before) || before == UInt8(ascii: ".") { return nil }
    var groups = InlineArray<8, UInt32>(repeating: 0)
    var count = 0
    var gap = -1
    var pairs = 0
    var place = start
    if text.at(place) == 0x3A {
      guard text.at(place + 1) == 0x3A else { return nil }
      gap = 0
      place += 2
    }
    while count < 8 {
      let end = endOfGroup(text, place)
      guard end > place, end - place <= 4 else { break }
      groups[count] = hexadecimal(text, place, end)
      pairs += end - place == 2 ? 1 : 0
      count += 1
      place = end
      guard text.at(place) == 0x3A else { break }
      if text.at(place + 1) == 0x3A {
        guard gap < 0 else { return nil }
        gap = count
        place += 2
      } else if isHex(text.at(place + 1)) {
        guard count < 8 else { break }
        place += 1
      } else {
        break
      }
    }
    // Eight pairs are an EUI-64; what ends in `::` is a network.
    guard gap < 0 ? count == 8 && pairs < 8 : count >= 2 && count <= 7 && gap < count, isFree(text, place) else {
      return nil
    }
    guard gap < 0 || looksWritten(text, start, place), isPublic(groups[0], groups[1], startsWithGap: gap == 0) else {
      return nil
    }
    return Finding(kind: .ipv6, start: start, end: place, key: text.exactKey(start, place))
  }

  /// A shortened address has a digit in it and a first group of three or more: not `ab::cd`.
  private static func looksWritten(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    guard endOfGroup(text, start) - start >= 3 else { return false }
    for index in start..<end where text.isDigit(at: index) { return true }
    return false
  }

  private static func isFree(_ text: TextView, _ end: Int) -> Bool {
    let after = text.at(end)
    if TextView.isWord(after) { return false }
    if after == UInt8(ascii: ":") { return !TextView.isAlphanumeric(text.at(end + 1)) && text.at(end + 1) != 0x3A }
    return !(after == UInt8(ascii: ".") && text.isDigit(at: end + 1))
  }

  private static func endOfGroup(_ text: TextView, _ start: Int) -> Int {
    var end = start
    while end - start < 6, isHex(text.at(end)) { end += 1 }
    return end
  }

  private static func hexadecimal(_ text: TextView, _ start: Int, _ end: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in start..<end {
      let byte = text.at(index)
      value = value << 4 | UInt32(TextView.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57)
    }
    return value
  }

  static func isHex(_ byte: UInt8) -> Bool {
    TextView.isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }

  /// Not unspecified, loopback, link-local, local multicast or documentation.
  private static func isPublic(_ first: UInt32, _ second: UInt32, startsWithGap: Bool) -> Bool {
    if startsWithGap { return false }
    switch first {
    case 0, 0xFE80...0xFEBF, 0xFF01...0xFF05, 0xFFFF: return false
    case 0x2001: return second != 0x0DB8
    default: return true
    }
  }
}
