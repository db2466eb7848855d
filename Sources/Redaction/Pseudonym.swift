import Bytes

/// Made-up values: of the same shape, and nobody's. Addresses are of the ranges kept for documentation; numbers begin
/// so that no real one does, or fail their check digit.
struct Pseudonym: Sendable {
  private let secret: [UInt8]

  init(secret: String) { self.secret = Array(secret.utf8) }

  /// - Parameters:
  ///   - ordinal: which value of its kind in the document this is, from 1; used when there is no secret.
  ///   - value: the bytes in the text, for their shape.
  func append(_ found: Finding, _ ordinal: Int, value: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
    let number = number(found, ordinal)
    switch found.kind {
    case .email: text += "user\(number)@example.com".utf8
    case .ipv4: text += ipv4(number).utf8
    case .ipv6: text += "2001:db8::\(Pseudonym.groups(number))".utf8
    case .mac: text += "00:00:5e:00:53:\(Hex.encode([UInt8(truncatingIfNeeded: number)]))".utf8
    case .credential: text += "user\(number):password\(number)".utf8
    case .secret: text += "example-secret-\(number)".utf8
    case .wechat: text += "wxid_example\(number)".utf8
    case .name: text += Pseudonym.name(number, isChinese: value.first ?? 0 >= 0x80).utf8
    case .address:
      text += ((value.last ?? 0) >= 0x80 ? "示例市示例路\(number)号" : "\(number) Example Street").utf8
    default: Pseudonym.shape(value, number, to: &text)
    }
  }

  private func number(_ found: Finding, _ ordinal: Int) -> UInt64 {
    if secret.isEmpty { return UInt64(ordinal) }
    let key = (0..<8).map { UInt8(truncatingIfNeeded: found.key >> UInt64(8 * $0)) }
    let digest = Digest.sha256(secret + [found.kind.rawValue] + key + secret)
    return digest[..<6].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// TEST-NET-1, -2 and -3 (RFC 5737).
  private func ipv4(_ number: UInt64) -> String {
    let nets = ["192.0.2", "198.51.100", "203.0.113"]
    return "\(nets[Int(number / 254 % 3)]).\(number % 254 + 1)"
  }

  private static func groups(_ number: UInt64) -> String {
    let low = String(number & 0xFFFF, radix: 16)
    return number > 0xFFFF ? String(number >> 16 & 0xFFFF, radix: 16) + ":" + low : low
  }

  private static func name(_ number: UInt64, isChinese: Bool) -> String {
    let family = isChinese ? ["赵", "钱", "孙", "李", "周", "吴", "郑", "王"] : ["Doe", "Roe", "Poe", "Bloggs", "Public"]
    let given =
      isChinese
      ? ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"]
      : ["Alex", "Sam", "Robin", "Kim", "Chris", "Pat", "Lee", "Jo"]
    let first = given[Int((number &- 1) % UInt64(given.count))]
    let last = family[Int((number &- 1) / UInt64(given.count) % UInt64(family.count))]
    return isChinese ? last + first : first + " " + last
  }

  /// Separators stay, letters become A, digits 1 and the number behind zeros: no mobile begins with 10, no identity
  /// number with 10, no card with 1.
  private static func shape(_ value: UnsafeBufferPointer<UInt8>, _ number: UInt64, to text: inout [UInt8]) {
    let start = text.count
    var digits = 0
    for byte in value {
      if TextView.isDigit(byte) { digits += 1 }
      text.append(
        TextView.isDigit(byte) ? 0x30 : TextView.isCapital(byte) ? 0x41 : TextView.isLetter(byte) ? 0x61 : byte)
    }
    var rest = number
    var left = digits
    for index in stride(from: text.count - 1, through: start, by: -1) where text[index] == 0x30 {
      left -= 1
      text[index] = left == 0 && digits > 3 ? 0x31 : left == 1 && digits > 3 ? 0x30 : 0x30 + UInt8(rest % 10)
      rest /= 10
    }
  }
}
