import Bytes
import Classification
import Deduplication
import Documents
import Posix

/// What the deduplication of a stream needs of one JSON line.
struct StreamLine: Sendable {
  /// Where the line is in the stream, without its line feed.
  let range: Range<Int>
  /// Where the text is in the stream, with its quotes.
  let textValue: Range<Int>
  let channel: UInt8
  /// The line names its channel.
  let hasChannel: Bool
  let genre: Genre
  let score: Float
  let textBytes: Int
  let textID: Identifier
  let id: Identifier
  let sketch: DocumentSketch

  /// A line that another filter dropped, or that takes no part.
  enum Content: Sendable {
    case document(StreamLine)
    case dropped(Range<Int>)

    var range: Range<Int> {
      switch self {
      case .document(let line): line.range
      case .dropped(let range): range
      }
    }
  }

  private static let text = Array("text".utf8)
  private static let drop = Array("drop".utf8)
  private static let channelKey = Array("channel".utf8)
  private static let genreKey = Array("genre".utf8)
  private static let scoreKey = Array("score".utf8)
  private static let metadata = Array("metadata".utf8)
  private static let idKey = Array("id".utf8)
  private static let noDrop = Array("null".utf8)

  /// Reads lines: their own channel, genre and score where they have them, else the classifier's, and 0.
  struct Reader {
    let maker: SketchMaker
    let classifier: Classifier
    let channels: ChannelTable
    /// Thresholds differ by genre.
    let needsGenre: Bool
    /// Hand out the shingles of texts too: it takes an eighth of the time that hashing them again takes.
    var keepsShingles = false
    /// Processor time spent on sketches alone.
    var sketchSeconds = 0.0

    /// - Returns: the line, and where they are wanted the shingles of its text.
    mutating func read(
      _ range: Range<Int>, _ stream: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> (content: Content, shingles: TextShingles?) {
      let line = UnsafeBufferPointer(rebasing: stream[range])
      let fields = try JSONFields(line)
      if let value = fields.value(drop, in: line), !line[value].elementsEqual(noDrop) { return (.dropped(range), nil) }
      guard let place = fields.value(StreamLine.text, in: line), let text = try JSONFields.text(place, in: line) else {
        throw JSONError(offset: 0, reason: "no string field 'text'")
      }
      let textID = Identifier(of: text)
      var document = Document(id: textID, text: text, source: "", origin: "")
      try classify(&document, fields, line)
      let score = try fields.value(scoreKey, in: line).map { value throws(JSONError) -> Double in
        try JSONParser.parse(UnsafeBufferPointer(rebasing: line[value])).number ?? 0
      }
      var facts = DocumentFacts(fields, in: line)
      if facts == DocumentFacts(), let nested = fields.value(metadata, in: line) {
        facts = DocumentFacts(metadata: Array(line[nested]))
      }
      let began = Clock.processor(ofThread: true)
      let (sketch, shingles) = sketch(document, facts)
      sketchSeconds += Clock.processor(ofThread: true) - began
      let read = StreamLine(
        range: range, textValue: (range.lowerBound + place.lowerBound)..<(range.lowerBound + place.upperBound),
        channel: document.channel.index, hasChannel: document.flags.contains(.channelGiven),
        genre: document.genre, score: Float(score ?? 0), textBytes: text.count, textID: textID,
        id: try identifier(fields, line) ?? textID, sketch: sketch)
      return (.document(read), shingles)
    }

    private func sketch(_ document: Document, _ facts: DocumentFacts) -> (DocumentSketch, TextShingles?) {
      let channel = document.channel.index
      if keepsShingles { return maker.withShingles(text: document.text, channel: channel, facts: facts) }
      return (maker.sketch(text: document.text, channel: channel, facts: facts), nil)
    }

    private func classify(
      _ document: inout Document, _ fields: JSONFields, _ line: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
      let channel = try word(channelKey, fields, line).flatMap { channels.channel($0) }
      let genre = try word(genreKey, fields, line).flatMap { Genre(name: $0) }
      if let channel {
        document.channel = channel
        document.flags.insert(.channelGiven)
      }
      if let genre {
        document.genre = genre
        document.flags.insert(.genreGiven)
      }
      if channel == nil || (genre == nil && needsGenre) { classifier.process(&document) }
    }
  }

  fileprivate static func word(
    _ key: [UInt8], _ fields: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> String? {
    guard let value = fields.value(key, in: line) else { return nil }
    return try JSONFields.text(value, in: line).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The agent's own identifiers as they are, of all others a digest.
  fileprivate static func identifier(
    _ fields: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> Identifier? {
    guard let value = fields.value(idKey, in: line) else { return nil }
    let text = try JSONFields.text(value, in: line)
    if let text, text.count == 32, let own = Identifier(String(decoding: text, as: UTF8.self)) { return own }
    return Identifier(of: text ?? Array(line[value]))
  }

  /// The identifier as written, for other lines to name it.
  static func writtenID(_ range: Range<Int>, _ stream: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let line = UnsafeBufferPointer(rebasing: stream[range])
    guard let fields = try? JSONFields(line), let value = fields.value(idKey, in: line) else { return nil }
    return Array(line[value])
  }
}
