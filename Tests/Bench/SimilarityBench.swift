import Bytes
import Composition
import Phases
import Posix

/// How alike documents are that stand beside each other, by the cosine of their whole TF-IDF vectors (not of the
/// composer's projections of them), for the orders `shuffle` and `semantic`. Input: one JSON array of token ids a line.
enum SimilarityBench {
  /// Tokens of a context: what lies in one window is together.
  private static let context = 8192

  static func run(_ lines: [UInt8]) throws {
    let facts = ListedFacts(lines)
    var settings = ComposeSettings()
    settings.blockTokens = facts.documents.reduce(0) { $0 + $1.count }
    let composer = Composer(settings: settings, channels: ["all"])
    for (ordinal, tokens) in facts.documents.enumerated() {
      let key = UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15
      composer.add(
        Supply(
          ordinal: UInt32(ordinal), channel: 0, tokens: tokens.count, score: 0.5,
          key: Identifier(high: key ^ key >> 29, low: UInt64(ordinal))))
    }
    let vectors = facts.vectors
    for order in [Phase.Order.shuffle, .semantic] {
      var phase = Phase(mix: [.init("all", .weight(1))])
      phase.order = order
      guard let draw = composer.draw(number: 0, phase: phase) else { return }
      let pieces = try composer.arranged(draw, phase, facts).pieces
      let (inside, across) = means(pieces, vectors)
      StandardStreams.print(
        "\(order.rawValue): \(pieces.count) documents; neighbours in one context of \(context) tokens "
          + "\(Bench.thousandths(inside)), documents of different contexts \(Bench.thousandths(across))")
    }
  }

  private static func means(_ pieces: [Draw.Piece], _ vectors: [[Int32: Float]]) -> (Double, Double) {
    var inside = (0.0, 0)
    var across = (0.0, 0)
    var position = 0
    var context = 0
    for (index, piece) in pieces.enumerated() {
      let own = position / SimilarityBench.context
      if index > 0, own == context {
        inside.0 += Double(cosine(vectors[Int(pieces[index - 1].ordinal)], vectors[Int(piece.ordinal)]))
        inside.1 += 1
      }
      let other = pieces[(index + pieces.count / 2 + 7 * index) % pieces.count]
      if other.ordinal != piece.ordinal {
        across.0 += Double(cosine(vectors[Int(other.ordinal)], vectors[Int(piece.ordinal)]))
        across.1 += 1
      }
      context = own
      position += piece.count
    }
    return (inside.0 / Double(max(1, inside.1)), across.0 / Double(max(1, across.1)))
  }

  private static func cosine(_ a: [Int32: Float], _ b: [Int32: Float]) -> Float {
    let (small, large) = a.count < b.count ? (a, b) : (b, a)
    return small.reduce(0) { $0 + $1.value * (large[$1.key] ?? 0) }
  }
}

/// Documents from lines of token ids.
private final class ListedFacts: DocumentFacts {
  let documents: [[Int32]]
  let vocabulary: Int
  let lineEnds: [Bool]
  let paragraphEnds: [Bool]

  init(_ lines: [UInt8]) {
    documents = lines.split(separator: UInt8(ascii: "\n")).map { line in
      line.split { !(0x30...0x39).contains($0) }.map { $0.reduce(Int32(0)) { $0 * 10 + Int32($1 & 15) } } + [0]
    }
    vocabulary = 1 + Int(documents.lazy.flatMap { $0 }.max() ?? 0)
    lineEnds = [Bool](repeating: false, count: vocabulary)
    paragraphEnds = lineEnds
  }

  /// TF-IDF vectors of length 1.
  var vectors: [[Int32: Float]] {
    var documentsOf = [Int](repeating: 0, count: vocabulary)
    for document in documents { for token in Set(document) { documentsOf[Int(token)] += 1 } }
    return documents.map { document in
      var vector: [Int32: Float] = [:]
      for token in document { vector[token, default: 0] += 1 }
      for (token, count) in vector {
        let rarity = Bench.logarithm(Double(1 + documents.count) / Double(1 + documentsOf[Int(token)]))
        vector[token] = Float((1 + Bench.logarithm(Double(count))) * rarity)
      }
      let length = vector.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length > 0 ? vector.mapValues { $0 / length } : vector
    }
  }

  func tokens(of ordinal: UInt32, _ range: Range<Int>, into buffer: inout [Int32]) {
    buffer.removeAll(keepingCapacity: true)
    buffer += documents[Int(ordinal)][range]
  }
  func signal(_ name: String, of ordinals: [UInt32]) -> [Float] { ordinals.map { _ in .nan } }
  func embeddings(of ordinals: [UInt32]) -> [[Float]]? { nil }
}
