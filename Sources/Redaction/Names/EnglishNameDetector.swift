/// English names of persons: capitalised words behind an honorific, or a common given name and a capitalised word.
enum EnglishNameDetector {
  private static let honorifics: WordList = [
    "mr", "mrs", "ms", "dr", "miss", "prof", "professor", "madam", "messrs",
  ]
  /// Second words that make a place or a thing of a given name.
  private static let notSurnames: WordList = [
    "county", "city", "river", "university", "college", "street", "school", "church", "hospital", "airport", "records",
    "avenue",
    "road", "park", "island", "islands", "lake", "bay", "museum", "institute", "foundation", "prize", "award", "awards",
    "house", "hall",
    "square", "company", "inc", "ltd", "corporation", "group", "bank", "press", "library", "center", "centre",
    "station", "bridge", "hill",
    "valley", "beach", "town", "township", "village", "district", "high", "street", "day", "january", "february",
    "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday",
    "thursday",
    "friday", "saturday", "sunday", "the", "and", "of", "in", "on", "at", "is", "was", "cup", "league", "club",
    "united", "fc", "bible",
    "act", "theorem", "cathedral", "castle", "palace", "mountain", "mountains", "creek", "fort", "port", "north",
    "south", "east", "west",
    "band", "stadium", "society", "hills", "rink", "cups", "cardinals", "brothers", "sisters", "family", "show",
    "album", "song", "novel", "book", "film", "movie", "street", "gazette", "times",
  ]

  /// `start` is a capital that no letter or digit precedes.
  static func find(_ text: TextView, _ start: Int, _ given: NameTable) -> Finding? {
    var end = endOfWord(text, start)
    if let length = honorifics.match(text, at: start), length == end - start {
      if text.at(end) == UInt8(ascii: ".") { end += 1 }
      guard text.at(end) == 0x20, let last = endOfName(text, end + 1, most: 3) else { return nil }
      return Finding(kind: .name, start: end + 1, end: last, key: text.exactKey(end + 1, last))
    }
    guard given.holds(text, start, end), text.at(end) == 0x20, !text.hasFolded("st. ", at: start - 4) else {
      return nil
    }
    guard let last = endOfName(text, end + 1, most: 2, needsFull: true) else { return nil }
    return Finding(kind: .name, start: start, end: last, key: text.exactKey(start, last))
  }

  static func endOfWord(_ text: TextView, _ start: Int) -> Int {
    var end = start
    while TextView.isLetter(text.at(end)) || text.at(end) >= 0xC3 && text.at(end) <= 0xC5
      || text.at(end) & 0xC0 == 0x80,
      end - start < 40
    {
      end += 1
    }
    return end
  }

  /// Capitalised words and initials from `start` on; the last must be a whole word when asked for.
  private static func endOfName(_ text: TextView, _ start: Int, most: Int, needsFull: Bool = false) -> Int? {
    var place = start
    var last = -1
    var words = 0
    while words < most {
      guard TextView.isCapital(text.at(place)) || (text.at(place) == 0xC3 && text.at(place + 1) < 0xA0) else { break }
      var end = endOfWord(text, place)
      if end - place == 1 {
        // An initial: its dot belongs to it, and a name must follow.
        if text.at(end) == UInt8(ascii: ".") { end += 1 }
        guard text.at(end) == 0x20, TextView.isCapital(text.at(end + 1)), words + 1 < most + 1 else { break }
        place = end + 1
        continue
      }
      while text.at(end) == UInt8(ascii: "-") || text.at(end) == UInt8(ascii: "'"), TextView.isCapital(text.at(end + 1))
      {
        end = endOfWord(text, end + 1)
      }
      if let length = notSurnames.match(text, at: place), length == end - place { return nil }
      let isShouted = TextView.isCapital(text.at(place + 1)) && TextView.isCapital(text.at(place + 2))
      guard end - place >= 2, !isShouted, !TextView.isDigit(text.at(end)), text.at(end) != 0x5F else { break }
      last = end
      words += 1
      guard text.at(end) == 0x20 else { break }
      place = end + 1
      if needsFull { break }
    }
    // `George Washington University` is no person.
    if last > 0, text.at(last) == 0x20, TextView.isCapital(text.at(last + 1)),
      let length = notSurnames.match(text, at: last + 1), length == endOfWord(text, last + 1) - last - 1
    {
      return nil
    }
    return last > 0 ? last : nil
  }
}

/// Given names by hash: open addressing over 64-bit keys.
struct NameTable: Sendable {
  private var slots: [UInt64]
  private let mask: Int

  init(_ names: StaticString) {
    var keys: [UInt64] = []
    var key = NameTable.seed
    for index in 0..<names.utf8CodeUnitCount {
      let byte = names.utf8Start[index]
      if byte == 0x20 {
        keys.append(key)
        key = NameTable.seed
      } else {
        key = NameTable.add(byte, to: key)
      }
    }
    keys.append(key)
    var size = 64
    while size < keys.count * 3 { size *= 2 }
    mask = size - 1
    slots = [UInt64](repeating: 0, count: size)
    for key in keys where key != NameTable.seed {
      var slot = Int(truncatingIfNeeded: key >> 32) & mask
      while slots[slot] != 0, slots[slot] != key { slot = (slot + 1) & mask }
      slots[slot] = key
    }
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static func add(_ byte: UInt8, to key: UInt64) -> UInt64 {
    (key ^ UInt64(TextView.lowered(byte))) &* 0x0000_0100_0000_01B3
  }

  /// Whether the word, case folded, is one of the names.
  func holds(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    guard end - start >= 2, end - start <= 14 else { return false }
    var key = NameTable.seed
    for index in start..<end { key = NameTable.add(text.at(index), to: key) }
    var slot = Int(truncatingIfNeeded: key >> 32) & mask
    while slots[slot] != 0 {
      if slots[slot] == key { return true }
      slot = (slot + 1) & mask
    }
    return false
  }
}
