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
/// Made once for the process's life: its memory is never given back, so that a look-up counts no references.
struct LiteralSearch: @unchecked Sendable {
  private struct Literal {
    let family: LiteralFamily
    let word: StaticString
    /// Where in the word its fingerprint begins.
    let offset: Int

    init(_ family: LiteralFamily, _ word: StaticString) {
      self.family = family
      self.word = word
      offset = Literal.offset(word)
    }

    /// Up to four bytes, lower case.
    var fingerprint: [UInt8] {
      (offset..<min(offset + 4, word.utf8CodeUnitCount)).map { TextView.lowered(word.utf8Start[$0]) }
    }

    var first: UInt8 { TextView.lowered(word.utf8Start[offset]) }

    /// A Latin word is found where it begins. Of two Han characters the second tells more, and where the first ends.
    private static func offset(_ word: StaticString) -> Int {
      word.utf8Start[0] >= 0xE0 && word.utf8CodeUnitCount >= 6 ? 2 : 0
    }
  }

  /// By the first byte of the fingerprint, longer words first; those of byte b are at `starts[b]..<starts[b + 1]`.
  private let literals: UnsafeBufferPointer<Literal>
  private let starts: UnsafeBufferPointer<Int>
  let table: UnsafePointer<ck_literals>

  init(_ words: [(family: LiteralFamily, words: [StaticString])]) {
    let all = words.flatMap { family, words in words.map { Literal(family, $0) } }
    let sorted = all.sorted {
      ($0.first, -$0.word.utf8CodeUnitCount) < ($1.first, -$1.word.utf8CodeUnitCount)
    }
    literals = LiteralSearch.keep(sorted)
    starts = LiteralSearch.keep((0...256).map { byte in sorted.count { Int($0.first) < byte } })
    table = LiteralSearch.keep([LiteralSearch.table(all)]).baseAddress!
  }

  private static func keep<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let kept = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = kept.initialize(from: elements)
    return UnsafeBufferPointer(kept)
  }

  /// Words that are alike share a set: the fewer nibbles a set has, the fewer places pass the sieve.
  private static func table(_ all: [Literal]) -> ck_literals {
    var table = ck_literals()
    let latin = all.map(\.fingerprint).filter { $0[0] < 0x80 }.sorted { $0.lexicographicallyPrecedes($1) }
    let others = all.map(\.fingerprint).filter { $0[0] >= 0x80 }
      .sorted { $0.dropFirst().lexicographicallyPrecedes($1.dropFirst()) }
    for (place, fingerprint) in latin.enumerated() { add(fingerprint, set: place * 4 / latin.count, to: &table) }
    for (place, fingerprint) in others.enumerated() {
      add(fingerprint, set: 4 + place * 4 / others.count, to: &table)
    }
    return table
  }

  private static func add(_ fingerprint: [UInt8], set: Int, to table: inout ck_literals) {
    let bit: UInt8 = 1 << UInt8(set)
    withUnsafeMutableBytes(of: &table) { table in
      for place in 0..<4 {
        for byte in place < fingerprint.count ? [fingerprint[place]] : followers {
          table[place * 16 + Int(byte & 15)] |= bit
          table[64 + place * 16 + Int(byte >> 4)] |= bit
          if TextView.isLetter(byte) { table[64 + place * 16 + Int((byte ^ 0x20) >> 4)] |= bit }
        }
      }
      let hashes = UnsafeMutableRawBufferPointer(rebasing: table[128...]).bindMemory(to: UInt64.self)
      let three = fingerprint.prefix(3).reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
      for byte in fingerprint.count > 3 ? [fingerprint[3]] : followers {
        let hash = Int(ck_literal_hash(three | UInt32(byte) << 24))
        hashes[hash >> 6] |= 1 << UInt64(hash & 63)
      }
    }
  }

  /// What may stand behind a word of three bytes: a letter, a digit, a mark, a blank or a character beyond ASCII.
  private static let followers: [UInt8] =
    Array("abcdefghijklmnopqrstuvwxyz0123456789 :=\"'(_-\n.".utf8) + Array(0xE2...0xEF)

  /// Calls `body` with the longest word of each family whose fingerprint stands at the place.
  @inline(__always)
  func forEachMatch(
    _ text: TextView, at place: Int, _ body: (_ family: LiteralFamily, _ start: Int, _ end: Int) -> Void
  ) {
    var families = 0
    let first = Int(TextView.lowered(text.at(place)))
    for index in starts[first]..<starts[first + 1] {
      let literal = literals[index]
      let start = place - literal.offset
      guard families >> literal.family.rawValue & 1 == 0 else { continue }
      guard literal.family.foldsCase ? text.hasFolded(literal.word, at: start) : text.has(literal.word, at: start)
      else { continue }
      families |= 1 << literal.family.rawValue
      body(literal.family, start, start + literal.word.utf8CodeUnitCount)
    }
  }
}
