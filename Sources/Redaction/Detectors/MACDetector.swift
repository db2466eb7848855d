/// Hardware addresses of six hexadecimal pairs, `00:1a:2b:...` or `00-1a-2b-...`.
enum MACDetector {
  /// `mark` is the first colon or hyphen.
  static func find(_ text: TextView, mark: Int) -> Finding? {
    let separator = text.at(mark)
    let start = mark - 2
    let end = start + 17
    guard start >= 0, end <= text.count else { return nil }
    var isAllSame = true
    for pair in 0..<6 {
      let place = start + pair * 3
      guard IPv6Detector.isHex(text.at(place)), IPv6Detector.isHex(text.at(place + 1)) else { return nil }
      guard pair == 5 || text.at(place + 2) == separator else { return nil }
      if text.at(place) != text.at(start) || text.at(place + 1) != text.at(start) { isAllSame = false }
    }
    let (before, after) = (text.at(start - 1), text.at(end))
    if TextView.isWord(before) || before == separator || TextView.isWord(after) { return nil }
    // A longer row of pairs is a fingerprint or an InfiniBand address; ff:ff:... and 00:00:... belong to nobody.
    if after == separator && TextView.isAlphanumeric(text.at(end + 1)) { return nil }
    return isAllSame ? nil : Finding(kind: .mac, start: start, end: end, key: text.key(start, end))
  }
}
