import CKernels

/// What a literal announces: which detectors are asked where it stands. A search has room for eight families.
struct LiteralFamily: Sendable {
  let index: Int
  /// Keys are told by their case, everything else is not.
  let foldsCase: Bool

  private init(_ index: Int, foldsCase: Bool = true) {
    self.index = index
    self.foldsCase = foldsCase
  }

  var bit: UInt8 { 1 << UInt8(index) }

  static let reprint = LiteralFamily(0)
  static let notice = LiteralFamily(1)
  static let secretPrefix = LiteralFamily(2, foldsCase: false)
  static let secretWord = LiteralFamily(3)
  static let account = LiteralFamily(4)
  static let phoneWord = LiteralFamily(5)
  static let references = LiteralFamily(6)
  static let shareBar = LiteralFamily(7)

  // Those of the second pass.
  static let announcer = LiteralFamily(0)
  static let title = LiteralFamily(1)
  static let houseNumber = LiteralFamily(2)
}

/// Literals of all families with the fingerprints that the kernel looks for.
struct LiteralSearch: Sendable {
  private struct Literal: Sendable {
    let word: StaticString
    /// Where in the word its four-byte fingerprint begins.
    let offset: Int
    let foldsCase: Bool
  }

  private let families: [[Literal]]
  private(set) var table = ck_literals()

  init(_ words: [(family: LiteralFamily, words: [StaticString])]) {
    var families = [[Literal]](repeating: [], count: 8)
    for (family, words) in words {
      for word in words {
        // The second of two Han characters tells more than the first: all begin with E4...E9.
        let isHan = word.utf8Start[0] >= 0xE0 && word.utf8CodeUnitCount >= 6
        let literal = Literal(word: word, offset: isHan ? 2 : 0, foldsCase: family.foldsCase)
        families[family.index].append(literal)
        LiteralSearch.add(literal, family, to: &table)
      }
    }
    self.families = families.map {
      $0.sorted { $0.word.utf8CodeUnitCount > $1.word.utf8CodeUnitCount }
    }
  }

  private static func add(_ literal: Literal, _ family: LiteralFamily, to table: inout ck_literals) {
    let bit = family.bit
    withUnsafeMutableBytes(of: &table) { table in
      for place in 0..<4 {
        let index = literal.offset + place
        guard index < literal.word.utf8CodeUnitCount else {
          for nibble in 0..<16 {
            table[place * 16 + nibble] |= bit
            table[64 + place * 16 + nibble] |= bit
          }
          continue
        }
        let byte = literal.word.utf8Start[index]
        table[place * 16 + Int(byte & 15)] |= bit
        table[64 + place * 16 + Int(byte >> 4)] |= bit
        if literal.foldsCase, TextView.isLetter(byte) { table[64 + place * 16 + Int((byte ^ 0x20) >> 4)] |= bit }
      }
    }
  }

  /// The range of the longest word of the family whose fingerprint stands at the place.
  func match(_ family: LiteralFamily, _ text: TextView, at place: Int) -> (start: Int, end: Int)? {
    for literal in families[family.index] {
      let start = place - literal.offset
      if literal.foldsCase ? text.hasFolded(literal.word, at: start) : text.has(literal.word, at: start) {
        return (start, start + literal.word.utf8CodeUnitCount)
      }
    }
    return nil
  }
}
