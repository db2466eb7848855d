import Fixtures

/// Copies of real texts with known edits: what near-duplicate detection is measured on.
struct EditSuite {
  enum Script: String, CaseIterable { case chinese, english, code }

  enum Edit: String, CaseIterable {
    case replace, insert, delete, block, truncate, header, footer, reorder, swap

    /// Their size is a share of the text, and all shares are tried.
    static let rates = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.4]
  }

  struct Pair {
    let original: String
    let copy: String
    let edit: Edit?
    let rate: Double
  }

  let script: Script
  /// Texts as units with what stands between them, so that joining gives the text back.
  private let texts: [[String]]

  /// - Parameter texts: at least two, unlike each other.
  init(_ script: Script, _ texts: [String]) {
    self.script = script
    self.texts = texts.map { EditSuite.pieces($0, script) }.filter { pieces in
      // A Chinese page of Latin letters has few units for its characters: shares of it would mean nothing.
      let ideographs = pieces.count { $0.unicodeScalars.first.map { (0x4E00...0x9FFF).contains($0.value) } ?? false }
      return pieces.count >= 80 && (script != .chinese || 2 * ideographs > pieces.count)
    }
  }

  var count: Int { texts.count }

  /// Every edit of a text, each at a few shares drawn from the list.
  func edited(_ index: Int, rates: Int, _ random: inout SeededRandom) -> [Pair] {
    Edit.allCases.flatMap { edit in
      Edit.rates.shuffled(using: &random).prefix(rates).map { rate in
        Pair(
          original: texts[index].joined(), copy: apply(edit, rate, index, &random).joined(), edit: edit, rate: rate)
      }
    }
  }

  /// Two pages made from one template: they share `share` of their units, in head and foot, and are no duplicates.
  func templated(_ index: Int, share: Double, _ random: inout SeededRandom) -> Pair {
    let length = min(400, texts[index].count)
    let common = Int(share * Double(length))
    let frame = other(than: index, &random).prefix(common)
    let bodies = (0..<2).map { side in
      let source = texts[(index + side) % texts.count]
      return Array(frame.prefix(common / 2)) + source.prefix(length - common) + frame.dropFirst(common / 2)
    }
    return Pair(original: bodies[0].joined(), copy: bodies[1].joined(), edit: nil, rate: share)
  }

  /// Different documents as they are.
  func unrelated(_ index: Int, _ random: inout SeededRandom) -> Pair {
    Pair(original: texts[index].joined(), copy: other(than: index, &random).joined(), edit: nil, rate: 0)
  }

  private func other(than index: Int, _ random: inout SeededRandom) -> [String] {
    texts[(index + 2 + random.below(max(1, texts.count - 2))) % texts.count]
  }

  private func apply(_ edit: Edit, _ rate: Double, _ index: Int, _ random: inout SeededRandom) -> [String] {
    var units = texts[index]
    let foreign = other(than: index, &random)
    let size = max(1, Int((rate * Double(units.count)).rounded()))
    func stranger() -> String { foreign[random.below(foreign.count)] }
    switch edit {
    case .replace: for _ in 0..<size { units[random.below(units.count)] = stranger() }
    case .insert: for _ in 0..<size { units.insert(stranger(), at: random.below(units.count)) }
    case .delete: for _ in 0..<size { units.remove(at: random.below(units.count)) }
    case .block:
      let start = random.below(units.count - size)
      units.replaceSubrange(start..<(start + size), with: (0..<size).map { _ in stranger() })
    case .truncate: units.removeLast(size)
    case .header: units = Array(foreign.prefix(size)) + units
    case .footer: units += foreign.suffix(size)
    case .reorder:
      // Few large parts for a small share, many small ones for a large one.
      let parts = max(2, Int(rate * 100))
      let length = (units.count + parts - 1) / parts
      units = stride(from: 0, to: units.count, by: length).map { Array(units[$0..<min(units.count, $0 + length)]) }
        .shuffled(using: &random).flatMap { $0 }
    case .swap:
      for _ in 0..<size {
        let place = random.below(units.count - 1)
        units.swapAt(place, place + 1)
      }
    }
    return units
  }

  /// A character of Chinese, a word with what follows it, a run of code without spaces.
  private static func pieces(_ text: String, _ script: Script) -> [String] {
    if script == .chinese { return text.prefix(1200).map { String($0) } }
    var pieces: [String] = []
    var piece = ""
    for character in text.prefix(6000) {
      if !character.isWhitespace, piece.last?.isWhitespace ?? false {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
    }
    return pieces + [piece]
  }
}

/// The similarity as the contract words it, with the library's own strings: slow, and none of the code it measures.
struct ReferenceSimilarity {
  let wordLength: Int
  let ideographLength: Int
  let keepsOperators: Bool

  init(_ script: EditSuite.Script, ideographLength: Int = 5) {
    wordLength = script == .code ? 7 : 5
    self.ideographLength = ideographLength
    keepsOperators = script == .code
  }

  func callAsFunction(_ a: String, _ b: String) -> Double {
    let (first, second) = (shingles(a), shingles(b))
    let shared = first.intersection(second).count
    return shared == 0 ? 0 : Double(shared) / Double(first.count + second.count - shared)
  }

  private func shingles(_ text: String) -> Set<[String]> {
    let units = units(text)
    var shingles: Set<[String]> = []
    for end in 1...max(1, units.count) where end <= units.count {
      let words = units[max(0, end - wordLength)..<end]
      let mixed = units[max(0, end - ideographLength)..<end]
      if words.count == wordLength && !words.contains(where: ReferenceSimilarity.isIdeograph) {
        shingles.insert(Array(words))
      } else if mixed.count == ideographLength && mixed.contains(where: ReferenceSimilarity.isIdeograph) {
        shingles.insert(Array(mixed))
      }
    }
    return shingles
  }

  private static func isIdeograph(_ unit: String) -> Bool {
    unit.unicodeScalars.first.map { (0x3400...0x9FFF).contains($0.value) || (0x20000...0x3FFFF).contains($0.value) }
      ?? false
  }

  private func units(_ text: String) -> [String] {
    var units: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { units.append(word) }
      word = ""
    }
    for scalar in text.unicodeScalars {
      let unit = String(Character(scalar))
      let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if ReferenceSimilarity.isIdeograph(unit) {
        end()
        units.append(unit)
      } else if isWord || (keepsOperators && unit == "_") {
        word += scalar.properties.lowercaseMapping
      } else if scalar.properties.isDefaultIgnorableCodePoint {
        continue
      } else {
        end()
        if keepsOperators && scalar.isASCII && !scalar.properties.isWhitespace { units.append(unit) }
      }
    }
    end()
    return units
  }
}
