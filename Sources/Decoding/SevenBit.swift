/// Encodings that hide Chinese, Japanese or Korean in ASCII bytes, between marks: HZ (RFC 1843) and ISO-2022.
enum SevenBit {
  /// - Parameter sample: ASCII.
  static func detect(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    var pairs = 0
    var index = 0
    while index + 3 < sample.count {
      switch sample[index] {
      case 0x1B:
        if let found = iso2022(sample, at: index) { return found }
      case UInt8(ascii: "~") where sample[index + 1] == UInt8(ascii: "{"):
        let (inside, end) = run(sample, from: index + 2)
        pairs += inside
        index = end
        continue
      default: break
      }
      index += 1
    }
    return pairs >= leastPairs ? .hz : nil
  }

  /// So few characters may stand in source code by accident.
  private static let leastPairs = 4

  /// Designations of 94 x 94 sets (ISO/IEC 2022): ESC $ B and ESC $ @ of JP, ESC $ ) C of KR, ESC $ ) A or G of CN.
  private static func iso2022(_ sample: UnsafeBufferPointer<UInt8>, at index: Int) -> TextEncoding? {
    guard sample[index + 1] == UInt8(ascii: "$") else { return nil }
    switch (sample[index + 2], sample[index + 3]) {
    case (UInt8(ascii: "B"), _), (UInt8(ascii: "@"), _), (UInt8(ascii: "("), UInt8(ascii: "D")): return .iso2022Japanese
    case (UInt8(ascii: ")"), UInt8(ascii: "C")): return .iso2022Korean
    case (UInt8(ascii: ")"), UInt8(ascii: "A")), (UInt8(ascii: ")"), UInt8(ascii: "G")): return .iso2022Chinese
    default: return nil
    }
  }

  /// Everyday GB 2312 pairs of one `~{ ... ~}` of a line, none when it does not end so, and where it ends.
  private static func run(_ sample: UnsafeBufferPointer<UInt8>, from start: Int) -> (pairs: Int, end: Int) {
    var index = start
    var everyday = 0
    while index + 1 < sample.count {
      let (lead, trail) = (sample[index], sample[index + 1])
      if lead == UInt8(ascii: "~"), trail == UInt8(ascii: "}") {
        let pairs = (index - start) / 2
        return (everyday * 2 >= pairs ? pairs : 0, index + 2)
      }
      if lead < 0x21 || lead > 0x77 || trail < 0x21 || trail > 0x7E { break }
      if lead <= 0x23 || (lead >= 0x30 && lead <= 0x57) { everyday += 1 }
      index += 2
    }
    return (0, index)
  }

  /// HZ as EUC-CN, which GB 18030 holds. `~~` is a tilde, `~` at a line's end joins lines; a line's end ends a run.
  static func unpackHZ(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var isInside = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == 0x0A { isInside = false }
      if byte == UInt8(ascii: "~"), let taken = mark(next, &isInside) {
        out += taken
        index += 2
      } else if isInside, byte >= 0x21, byte <= 0x77, next >= 0x21, next <= 0x7E {
        out += [byte | 0x80, next | 0x80]
        index += 2
      } else {
        out.append(byte)
        index += 1
      }
    }
    return out
  }

  /// What a tilde and the byte behind it stand for; nil when they are no mark.
  private static func mark(_ next: UInt8, _ isInside: inout Bool) -> [UInt8]? {
    switch next {
    case UInt8(ascii: "{") where !isInside: isInside = true
    case UInt8(ascii: "}") where isInside: isInside = false
    case UInt8(ascii: "~") where !isInside: return [UInt8(ascii: "~")]
    case 0x0A where !isInside: break
    default: return nil
    }
    return []
  }
}
