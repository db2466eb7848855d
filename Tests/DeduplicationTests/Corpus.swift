import Bytes
import Deduplication
import Documents
import Fixtures

/// Documents with their texts, made for tests.
struct Corpus {
  var documents: [(candidate: Candidate, text: [UInt8], facts: DocumentFacts)] = []

  /// Appends a document; its ordinal is its place.
  @discardableResult
  mutating func add(
    _ text: String, channel: Channel = .english, genre: Genre = .unknown, score: Float = 0.5, date: Int = 0,
    url: String = ""
  ) -> UInt32 {
    let bytes = Array(text.utf8)
    let ordinal = UInt32(documents.count)
    let candidate = Candidate(
      ordinal: ordinal, channel: channel.index, genre: genre, score: score, length: bytes.count,
      textID: Identifier(of: bytes), id: Identifier(of: bytes + [UInt8(ordinal & 255), UInt8(ordinal >> 8)]),
      date: date)
    let facts = DocumentFacts(addressKey: PageAddress.key(Array(url.utf8)) ?? 0, date: date)
    documents.append((candidate, bytes, facts))
    return ordinal
  }

  func document(_ ordinal: UInt32) -> (candidate: Candidate, text: [UInt8]) {
    (documents[Int(ordinal)].candidate, documents[Int(ordinal)].text)
  }

  func deduplicator(_ settings: DedupeSettings = DedupeSettings()) -> Deduplicator {
    let texts = documents.map(\.text)
    return Deduplicator(settings: settings) { texts[Int($0)] }
  }

  /// One that keeps texts, sketches and names elsewhere, as the agent does.
  func archived(_ settings: DedupeSettings) -> Deduplicator {
    let (documents, sketches) = (documents, documents.map { sketch($0.candidate.ordinal, settings) })
    return Deduplicator(
      settings: settings,
      earlier: EarlierDocuments(
        text: { documents[Int($0)].text }, sketch: { sketches[Int($0)] },
        names: { DocumentNames(textID: documents[Int($0)].candidate.textID, id: documents[Int($0)].candidate.id) }))
  }

  func sketch(_ ordinal: UInt32, _ settings: DedupeSettings = DedupeSettings()) -> DocumentSketch {
    let (candidate, text, facts) = documents[Int(ordinal)]
    return SketchMaker(settings).sketch(text: text, channel: candidate.channel, facts: facts)
  }

  /// All documents in the order they were made.
  func insertAll(_ deduplicator: Deduplicator, _ settings: DedupeSettings = DedupeSettings()) {
    for (candidate, text, _) in documents {
      _ = deduplicator.insert(candidate, sketch: sketch(candidate.ordinal, settings), text: text)
    }
  }

  /// Families of texts: each a base with edited copies, edits of many sizes, some copies exact or short.
  static func families(seed: UInt64, count: Int) -> Corpus {
    var random = SeededRandom(seed)
    var corpus = Corpus()
    while corpus.documents.count < count {
      let isChinese = Bool.random(using: &random)
      let length = [6, 40, 120, 300].randomElement(using: &random)!
      var units = (0..<length).map { _ in unit(isChinese, &random) }
      for _ in 0..<Int.random(in: 1...8, using: &random) where corpus.documents.count < count {
        // A chain: each copy is made from the one before, so that ends may be unlike while neighbours are alike.
        for _ in 0..<Int.random(in: 0...max(1, length / 40), using: &random) {
          units[Int.random(in: 0..<units.count, using: &random)] = unit(isChinese, &random)
        }
        corpus.add(
          units.joined(separator: isChinese ? "" : " "), channel: isChinese ? .chinese : .english,
          score: Float(Int.random(in: 0...3, using: &random)) / 3, date: Int.random(in: 0...2, using: &random),
          url: Bool.random(using: &random) ? "http://host/\(random.below(count / 4))" : "")
      }
    }
    return corpus
  }

  private static func unit(_ isChinese: Bool, _ random: inout SeededRandom) -> String {
    if !isChinese { return "w\(Int.random(in: 0..<5000, using: &random))" }
    return String(Character(Unicode.Scalar(UInt32.random(in: 0x4E00...0x9000, using: &random))!))
  }
}
