/// Character references of HTML: numbers, the named ones of HTML 4 and the commonest of HTML 5.
enum HTMLEntities {
  private static let longestName = 10

  /// The character at `&` and the offset after the reference; `&` itself when it is none.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (scalar: UInt32, end: Int) {
    let plain = (scalar: UInt32(UInt8(ascii: "&")), end: start + 1)
    guard start + 2 < bytes.count else { return plain }
    if bytes[start + 1] == UInt8(ascii: "#") { return number(bytes, at: start) ?? plain }
    var index = start + 1
    while index < bytes.count, index - start <= longestName, isNameByte(bytes[index]) { index += 1 }
    let name = bytes[(start + 1)..<index]
    guard let scalar = named[String(decoding: name, as: UTF8.self)] else { return plain }
    let isClosed = index < bytes.count && bytes[index] == UInt8(ascii: ";")
    return isClosed ? (scalar, index + 1) : plain
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (scalar: UInt32, end: Int)? {
    var index = start + 2
    let isHex = bytes[index] | 0x20 == UInt8(ascii: "x")
    if isHex { index += 1 }
    var value: UInt32 = 0
    let first = index
    while index < bytes.count, index - first < 8, let digit = digitValue(bytes[index], isHex) {
      value = min(value, 0x200000) * (isHex ? 16 : 10) + digit
      index += 1
    }
    if index == first { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
    if value >= 0x80 && value <= 0x9F { value = windows1252[Int(value) - 0x80] }
    let isScalar = value > 0 && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF)
    return (isScalar ? value : 0xFFFD, index)
  }

  private static func digitValue(_ byte: UInt8, _ isHex: Bool) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46 where isHex: UInt32(byte - 0x41 + 10)
    case 0x61...0x66 where isHex: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }

  /// Numbers 128...159 mean Windows-1252 on the web (HTML standard, numeric character reference end state).
  private static let windows1252: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
  ]

  private static let named: [String: UInt32] = {
    var named: [String: UInt32] = [:]
    for (offset, name) in latin1.split(separator: " ").enumerated() { named[String(name)] = 160 + UInt32(offset) }
    for (name, scalar) in others { named[name] = scalar }
    for (offset, name) in greek.split(separator: " ").enumerated() where name != "-" {
      named[String(name)] = 0x3B1 + UInt32(offset)
      named[name.prefix(1).uppercased() + name.dropFirst()] = 0x391 + UInt32(offset)
    }
    return named
  }()

  /// U+00A0...00FF in order.
  private static let latin1 =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para "
    + "middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute "
    + "Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute "
    + "THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde "
    + "ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"

  /// U+03B1... in order.
  private static let greek =
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi psi omega"

  private static let others: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "ensp": 0x2002, "emsp": 0x2003, "thinsp": 0x2009,
    "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E, "rlm": 0x200F, "ndash": 0x2013, "mdash": 0x2014, "lsquo": 0x2018,
    "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E, "dagger": 0x2020,
    "Dagger": 0x2021,
    "bull": 0x2022, "hellip": 0x2026, "permil": 0x2030, "prime": 0x2032, "Prime": 0x2033, "lsaquo": 0x2039,
    "rsaquo": 0x203A,
    "euro": 0x20AC, "trade": 0x2122, "larr": 0x2190, "uarr": 0x2191, "rarr": 0x2192, "darr": 0x2193, "harr": 0x2194,
    "rArr": 0x21D2, "hArr": 0x21D4, "forall": 0x2200, "part": 0x2202, "exist": 0x2203, "nabla": 0x2207, "isin": 0x2208,
    "notin": 0x2209, "prod": 0x220F, "sum": 0x2211, "minus": 0x2212, "radic": 0x221A, "infin": 0x221E, "ang": 0x2220,
    "and": 0x2227, "or": 0x2228, "cap": 0x2229, "cup": 0x222A, "int": 0x222B, "there4": 0x2234, "sim": 0x223C,
    "cong": 0x2245,
    "asymp": 0x2248, "ne": 0x2260, "equiv": 0x2261, "le": 0x2264, "ge": 0x2265, "sub": 0x2282, "sup": 0x2283,
    "sube": 0x2286,
    "supe": 0x2287, "oplus": 0x2295, "otimes": 0x2297, "perp": 0x22A5, "sdot": 0x22C5, "lang": 0x27E8, "rang": 0x27E9,
    "loz": 0x25CA, "spades": 0x2660, "clubs": 0x2663, "hearts": 0x2665, "diams": 0x2666, "OElig": 0x152, "oelig": 0x153,
    "Scaron": 0x160, "scaron": 0x161, "Yuml": 0x178, "fnof": 0x192, "circ": 0x2C6, "tilde": 0x2DC, "sigmaf": 0x3C2,
    "check": 0x2713, "lbrace": 0x7B, "rbrace": 0x7D, "lbrack": 0x5B, "rbrack": 0x5D, "num": 0x23, "NewLine": 0x0A,
    "Tab": 0x09,
  ]
}
