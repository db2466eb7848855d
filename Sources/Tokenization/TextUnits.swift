/// What a text is measured in: bytes, characters, Han characters, words.
public struct TextUnits: Sendable, Equatable {
  public private(set) var bytes = 0
  public private(set) var characters = 0
  public private(set) var han = 0
  /// Han characters, and runs of anything else that is neither white space nor ASCII punctuation.
  public private(set) var words = 0

  public init() {}

  /// Adds a text in UTF-8; `character` is called with each character outside ASCII.
  public mutating func add(_ text: [UInt8], character: (UInt32) -> Void = { _ in }) {
    bytes += text.count
    var position = 0
    var isInWord = false
    while position < text.count {
      let (code, length) = TextUnits.character(text, position)
      position += length
      characters += 1
      if code >= 0x80 { character(code) }
      if TextUnits.isHan(code) {
        han += 1
        words += 1
        isInWord = false
        continue
      }
      let isPart = code >= 0x80 ? code != 0x3000 && !(0x3001...0x303F).contains(code) : TextUnits.isAlphanumeric(code)
      if isPart && !isInWord { words += 1 }
      isInWord = isPart
    }
  }

  private static func isAlphanumeric(_ code: UInt32) -> Bool { code | 0x20 &- 0x61 < 26 || code &- 0x30 < 10 }

  public static func isHan(_ code: UInt32) -> Bool {
    (0x4E00...0x9FFF).contains(code) || (0x3400...0x4DBF).contains(code) || (0xF900...0xFAFF).contains(code)
      || (0x20000...0x323AF).contains(code)
  }

  /// The character at `position`; a byte that begins none counts as U+FFFD.
  private static func character(_ text: [UInt8], _ position: Int) -> (UInt32, Int) {
    let lead = text[position]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead < 0xF5, position + length <= text.count else { return (0xFFFD, 1) }
    var code = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for byte in text[position + 1..<position + length] {
      if byte & 0xC0 != 0x80 { return (0xFFFD, 1) }
      code = code << 6 | UInt32(byte & 0x3F)
    }
    return (code, length)
  }
}
