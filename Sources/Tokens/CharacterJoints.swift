import CKernels

/// Which neighbouring characters some token of the vocabulary spans.
///
/// Where none does, no merge ever crosses, so a word may be cut there before merging: the ids stay the same. Chinese
/// runs, which hardly ever repeat as a whole, fall into short pieces that do, and so are found in the word cache.
/// In a model over bytes only boundaries between two characters of three bytes are looked at. Doubt joins: it costs
/// time, never ids. Memory that `EncodingTables` owns.
struct CharacterJoints {
  private static let joinsBefore = UInt8(CK_JOINS_BEFORE)
  private static let joinsAfter = UInt8(CK_JOINS_AFTER)

  /// By code point: whether a token may span from the character to whatever stands before or after it.
  private let flags: UnsafeMutablePointer<UInt8>
  /// A bit for each hashed pair of characters that a token spans whole.
  private let pairs: UnsafeMutablePointer<UInt64>

  /// For a model over bytes.
  init(tokens: some Sequence<[UInt8]>) {
    self.init()
    for token in tokens where token.count > 1 {
      for position in 1..<token.count where token[position] & 0xF0 == 0xE0 { note(token, boundary: position) }
    }
  }

  /// For a model over characters.
  init(characterTokens: some Sequence<[UInt8]>) {
    self.init()
    for token in characterTokens {
      var previous: UInt32?
      for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
        if let left = previous { notePair(left, scalar.value) }
        previous = scalar.value
      }
    }
  }

  private init() {
    flags = .allocate(capacity: 65_536)
    flags.initialize(repeating: 0, count: 65_536)
    let words = 1 << (CK_JOIN_PAIR_BITS - 6)
    pairs = .allocate(capacity: words)
    pairs.initialize(repeating: 0, count: words)
  }

  func deallocate() {
    flags.deallocate()
    pairs.deallocate()
  }

  var view: ck_joints { ck_joints(flags: flags, pairs: pairs) }

  /// Whether `left` and `right`, code points of three bytes in UTF-8, must stay together.
  func joined(_ left: UInt32, _ right: UInt32) -> Bool {
    if flags[Int(left)] & Self.joinsAfter != 0 || flags[Int(right)] & Self.joinsBefore != 0 { return true }
    let bit = ck_join_bit(left, right)
    return pairs[Int(bit >> 6)] >> UInt64(bit & 63) & 1 != 0
  }

  private func notePair(_ left: UInt32, _ right: UInt32) {
    let bit = ck_join_bit(left, right)
    pairs[Int(bit >> 6)] |= 1 << UInt64(bit & 63)
  }

  /// Enters the boundary before `position`, where a character of three bytes begins, perhaps cut off by the token's
  /// end.
  private func note(_ token: [UInt8], boundary position: Int) {
    let tail = token[position + 1..<min(position + 3, token.count)]
    guard tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return }
    let first = tail.reduce(UInt32(token[position] & 0x0F)) { $0 << 6 | UInt32($1 & 0x3F) }
    let wholeRight = tail.count == 2
    var start = position - 1
    while start > 0, start > position - 3, token[start] & 0xC0 == 0x80 { start -= 1 }
    let head = token[start]
    if head & 0xF0 == 0xE0, position - start == 3 {
      let left = UInt32(head & 0x0F) << 12 | UInt32(token[start + 1] & 0x3F) << 6 | UInt32(token[start + 2] & 0x3F)
      if wholeRight { notePair(left, first) } else { flags[Int(left)] |= Self.joinsAfter }
    } else if start == 0, head & 0xC0 == 0x80, position < 3 {
      // The token begins inside a character: all characters that begin as the right side does may be joined to it.
      let open = 6 * (2 - tail.count)
      for code in Int(first) << open..<(Int(first) + 1) << open { flags[code] |= Self.joinsBefore }
    }
  }
}
