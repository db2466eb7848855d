import Bytes

/// The words of a request line: separated by spaces, quoted ones whole, escapes resolved.
enum TroffWords {
  static func split(_ line: UnsafeBufferPointer<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var index = 1
    while index < line.count {
      while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
      if index == line.count { break }
      if line[index] == UInt8(ascii: "\\"), index + 1 < line.count, line[index + 1] == 0x22 { break }
      let isQuoted = line[index] == 0x22
      if isQuoted { index += 1 }
      let start = index
      while index < line.count, !ends(line, index, isQuoted) { index += line[index] == UInt8(ascii: "\\") ? 2 : 1 }
      index = min(index, line.count)
      words.append(TroffEscapes.plain(UnsafeBufferPointer(rebasing: line[start..<index])))
      if isQuoted { index += 1 }
    }
    return words
  }

  private static func ends(_ line: UnsafeBufferPointer<UInt8>, _ index: Int, _ isQuoted: Bool) -> Bool {
    isQuoted ? line[index] == 0x22 : line[index] == 0x20 || line[index] == 0x09
  }
}

/// Escapes of troff as plain characters (groff_char(7)); what only changes the look disappears.
enum TroffEscapes {
  static func plain(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(line.count)
    var index = 0
    while index < line.count {
      if line[index] != UInt8(ascii: "\\") {
        out.append(line[index])
        index += 1
        continue
      }
      index += 1
      guard index < line.count else { break }
      if line[index] == UInt8(ascii: "\"") || line[index] == UInt8(ascii: "#") { break }
      index = escape(line, at: index, into: &out)
      // Where an escape ended inside a character of several bytes, the rest of it goes too: what stays is UTF-8.
      while index < line.count, line[index] & 0xC0 == 0x80 { index += 1 }
    }
    return out
  }

  /// The escape whose letter is at `index`; the offset after it.
  private static func escape(_ line: UnsafeBufferPointer<UInt8>, at index: Int, into out: inout [UInt8]) -> Int {
    switch line[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "`"):
      out.append(line[index])
      return index + 1
    case UInt8(ascii: "e"), UInt8(ascii: "\\"):
      out.append(UInt8(ascii: "\\"))
      return index + 1
    case UInt8(ascii: " "), UInt8(ascii: "~"), UInt8(ascii: "0"):
      out.append(0x20)
      return index + 1
    case UInt8(ascii: "t"):
      out.append(0x09)
      return index + 1
    case UInt8(ascii: "f"), UInt8(ascii: "*"), UInt8(ascii: "n"), UInt8(ascii: "m"), UInt8(ascii: "M"),
      UInt8(ascii: "F"), UInt8(ascii: "k"),
      UInt8(ascii: "("), UInt8(ascii: "["):
      return named(line, at: index, into: &out)
    case UInt8(ascii: "s"): return size(line, at: index + 1)
    case UInt8(ascii: "v"), UInt8(ascii: "h"), UInt8(ascii: "w"), UInt8(ascii: "l"), UInt8(ascii: "L"),
      UInt8(ascii: "D"), UInt8(ascii: "X"), UInt8(ascii: "Z"),
      UInt8(ascii: "N"), UInt8(ascii: "o"), UInt8(ascii: "b"):
      return quoted(line, at: index + 1)
    default: return line[index] < 0x80 ? index + 1 : index
    }
  }

  /// `x`, `(xx` or `[xxx]` after a letter, or a character name by itself.
  private static func named(_ line: UnsafeBufferPointer<UInt8>, at index: Int, into out: inout [UInt8]) -> Int {
    let letter = line[index]
    let isCharacter = letter == UInt8(ascii: "(") || letter == UInt8(ascii: "[")
    let open = isCharacter ? index : index + 1
    guard open < line.count else { return line.count }
    let start: Int
    var end: Int
    let after: Int
    switch line[open] {
    case UInt8(ascii: "("):
      start = open + 1
      end = min(start + 2, line.count)
      after = end
    case UInt8(ascii: "["):
      start = open + 1
      end = start
      while end < line.count, line[end] != UInt8(ascii: "]") { end += 1 }
      after = min(end + 1, line.count)
    default: return line[open] < 0x80 ? open + 1 : open
    }
    if isCharacter || letter == UInt8(ascii: "*") { append(line[min(start, line.count)..<end], to: &out) }
    return after
  }

  private static func append(_ name: Slice<UnsafeBufferPointer<UInt8>>, to out: inout [UInt8]) {
    let text = String(decoding: name, as: UTF8.self)
    if let character = characters[text] {
      out += Array(character.utf8)
    } else if text.hasPrefix("u"), let value = UInt32(text.dropFirst(), radix: 16), Unicode.Scalar(value) != nil {
      UTF8Text.append(value, to: &out)
    }
  }

  /// `\s+1`, `\s-2`, `\s0`, `\s(12`, `\s'..'`.
  private static func size(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    var index = start
    if index < line.count, line[index] == UInt8(ascii: "+") || line[index] == UInt8(ascii: "-") { index += 1 }
    if index < line.count, line[index] == 0x27 { return quoted(line, at: index) }
    if index < line.count, line[index] == UInt8(ascii: "(") { return min(index + 3, line.count) }
    return min(index + 1, line.count)
  }

  private static func quoted(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    guard start < line.count else { return line.count }
    var index = start + 1
    while index < line.count, line[index] != line[start] { index += 1 }
    return min(index + 1, line.count)
  }

  private static let characters: [String: String] = [
    "em": "—", "en": "–", "hy": "-", "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "aq": "'", "dq": "\"", "bu": "•",
    "co": "©",
    "rg": "®", "tm": "™", "mu": "×", "di": "÷", "+-": "±", "<=": "≤", ">=": "≥", "!=": "≠", "->": "→", "<-": "←",
    "de": "°",
    "rs": "\\", "ti": "~", "ha": "^", "ga": "`", "Do": "$", "at": "@", "sh": "#", "Fo": "«", "Fc": "»", "fo": "‹",
    "fc": "›",
    "pl": "+", "mi": "−", "eq": "=", "sl": "/", "ba": "|", "lB": "[", "rB": "]", "lC": "{", "rC": "}", "la": "⟨",
    "ra": "⟩",
    "ss": "ß", ":a": "ä", ":o": "ö", ":u": "ü", ":A": "Ä", ":O": "Ö", ":U": "Ü", "'e": "é", "`e": "è", "'a": "á",
    "`a": "à",
    "^e": "ê", "^a": "â", ",c": "ç", "~n": "ñ", "/o": "ø", "oa": "å", "ae": "æ", "Eu": "€", "Po": "£", "Ye": "¥",
    "S1": "¹",
    "S2": "²", "S3": "³", "14": "¼", "12": "½", "34": "¾", "sc": "§", "ps": "¶", "dg": "†", "dd": "‡", "if": "∞",
    "sr": "√",
    "*a": "α", "*b": "β", "*g": "γ", "*d": "δ", "*e": "ε", "*l": "λ", "*m": "μ", "*p": "π", "*s": "σ", "*w": "ω",
    "Aq": "'", "L\"": "“", "R\"": "”", "--": "—", "PI": "π", "R": "®", "Tm": "™", "lh": "☜", "rh": "☞", "...": "…",
    "Bq": "„", "bq": "‚", "ff": "ff", "fi": "fi", "fl": "fl",
  ]
}
