import CKernels

/// What a literal announces: which detectors are asked where it stands.
enum LiteralFamily: Int, Sendable {
  case reprint, notice, secretPrefix, secretWord, account, phoneWord, references, shareBar
  /// Those of the second pass.
  case announcer, title, houseNumber

  /// Keys are told by their case, everything else is not.
  var foldsCase: Bool { self != .secretPrefix }
}

/// Literals of all families, the fingerprints by which the kernel finds them, and what stands where one was found.
struct LiteralSearch: Sendable {
  private struct Literal: Sendable {
    let family: LiteralFamily
    let word: StaticString
    /// Where in the word its fingerprint begins.
    let offset: Int

    /// Up to four bytes, lower case.
    var fingerprint: [UInt8] {
      (offset..<min(offset + 4, word.utf8CodeUnitCount)).map { TextView.lowered(word.utf8Start[$0]) }
    }
  }

  /// By the first byte of the fingerprint, longer words first.
  private let literals: [[Literal]]
  let table: ck_literals

  init(_ words: [(family: LiteralFamily, words: [StaticString])]) {
    var all: [Literal] = []
    for (family, words) in words {
      for word in words {
        // The second of two Han characters tells more than the first, and where the first ends more than its start.
        let isHan = word.utf8Start[0] >= 0xE0 && word.utf8CodeUnitCount >= 6
        all.append(Literal(family: family, word: word, offset: isHan ? 2 : 0))
      }
    }
    var literals = [[Literal]](repeating: [], count: 256)
    for literal in all.sorted(by: { $0.word.utf8CodeUnitCount > $1.word.utf8CodeUnitCount }) {
      literals[Int(literal.fingerprint[0])].append(literal)
    }
    self.literals = literals
    table = LiteralSearch.table(all)
  }

  /// Words that are alike share a set: the fewer nibbles a set has, the fewer places pass the sieve.
  private static func table(_ all: [Literal]) -> ck_literals {
    var table = ck_literals()
    let latin = all.map(\.fingerprint).filter { $0[0] < 0x80 }.sorted { $0.lexicographicallyPrecedes($1) }
    let others = all.map(\.fingerprint).filter { $0[0] >= 0x80 }
      .sorted { $0.dropFirst().lexicographicallyPrecedes($1.dropFirst()) }
    let latinSets = others.isEmpty ? 8 : latin.isEmpty ? 0 : 4
    for (place, fingerprint) in latin.enumerated() {
      add(fingerprint, set: place * latinSets / latin.count, to: &table)
    }
    for (place, fingerprint) in others.enumerated() {
      add(fingerprint, set: latinSets + place * (8 - latinSets) / others.count, to: &table)
    }
    return table
  }

  private static func add(_ fingerprint: [UInt8], set: Int, to table: inout ck_literals) {
    let bit: UInt8 = 1 << UInt8(set)
    withUnsafeMutableBytes(of: &table) { table in
      for place in 0..<4 {
        for byte in place < fingerprint.count ? [fingerprint[place]] : Array(0...255) {
          table[place * 16 + Int(byte & 15)] |= bit
          table[64 + place * 16 + Int(byte >> 4)] |= bit
          if TextView.isLetter(byte) { table[64 + place * 16 + Int((byte ^ 0x20) >> 4)] |= bit }
        }
      }
      let hashes = UnsafeMutableRawBufferPointer(rebasing: table[128...]).bindMemory(to: UInt64.self)
      for four in completions(fingerprint) {
        let hash = Int(ck_literal_hash(four))
        hashes[hash >> 6] |= 1 << UInt64(hash & 63)
      }
    }
  }

  /// The four bytes as the kernel reads them; a word of three has every byte behind it.
  private static func completions(_ fingerprint: [UInt8]) -> [UInt32] {
    precondition(fingerprint.count >= 3, "two bytes would stand for 65,536 fingerprints")
    let three = fingerprint.prefix(3).reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    return (fingerprint.count == 4 ? [fingerprint[3]] : Array(0...255)).map { three | UInt32($0) << 24 }
  }

  /// Calls `body` with the longest word of each family whose fingerprint stands at the place.
  @inline(__always)
  func forEachMatch(
    _ text: TextView, at place: Int, _ body: (_ family: LiteralFamily, _ start: Int, _ end: Int) -> Void
  ) {
    var families = 0
    for literal in literals[Int(TextView.lowered(text.at(place)))] {
      let start = place - literal.offset
      guard families >> literal.family.rawValue & 1 == 0 else { continue }
      guard literal.family.foldsCase ? text.hasFolded(literal.word, at: start) : text.has(literal.word, at: start)
      else { continue }
      families |= 1 << literal.family.rawValue
      body(literal.family, start, start + literal.word.utf8CodeUnitCount)
    }
  }
}
