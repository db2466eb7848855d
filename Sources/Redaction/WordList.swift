/// A few words looked for around a candidate, in lower case; ASCII letters of the text are folded.
/// Latin words of three letters or fewer must stand alone, so that `ip` is not found in `ship`.
struct WordList: Sendable, ExpressibleByArrayLiteral {
  private let words: [StaticString]
  /// Which bytes a word can begin with.
  private var first: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init(arrayLiteral words: StaticString...) {
    // Longer words first, so that the longest match is the one found.
    self.words = words.sorted { $0.utf8CodeUnitCount > $1.utf8CodeUnitCount }
    for word in words { admit(word.utf8Start[0]) }
  }

  private mutating func admit(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: first.0 |= bit
    case 1: first.1 |= bit
    case 2: first.2 |= bit
    default: first.3 |= bit
    }
  }

  @inline(__always)
  private func canBegin(_ byte: UInt8) -> Bool {
    let bits: UInt64
    switch byte >> 6 {
    case 0: bits = first.0
    case 1: bits = first.1
    case 2: bits = first.2
    default: bits = first.3
    }
    return bits >> UInt64(byte & 63) & 1 == 1
  }

  /// The length of the longest word that stands at the place.
  func match(_ text: TextView, at place: Int) -> Int? {
    let byte = text.at(place)
    guard canBegin(TextView.lowered(byte)) else { return nil }
    for word in words where text.hasFolded(word, at: place) {
      let length = word.utf8CodeUnitCount
      if length > 3 || !TextView.isLetter(byte) { return length }
      if !TextView.isLetter(text.at(place - 1)) && !TextView.isLetter(text.at(place + length)) { return length }
    }
    return nil
  }
}

extension TextView {
  /// Whether one of the words stands within `reach` bytes before `index`, on the same line.
  func mentions(_ words: WordList, before index: Int, reach: Int) -> Bool {
    var place = index - 1
    let stop = max(0, index - reach)
    while place >= stop, bytes[place] != 0x0A {
      if let length = words.match(self, at: place), place + length <= index { return true }
      place -= 1
    }
    return false
  }

  /// Whether one of the words begins within `reach` bytes from `index` on, on the same line.
  func mentions(_ words: WordList, after index: Int, reach: Int) -> Bool {
    var place = index
    let stop = min(bytes.count, index + reach)
    while place < stop, bytes[place] != 0x0A {
      if words.match(self, at: place) != nil { return true }
      place += 1
    }
    return false
  }
}
