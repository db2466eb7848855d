import Evaluation
import Glibc
import Training

/// A model whose next token depends on the last one only: ids are bytes plus one, 0 ends documents. Pairs that are
/// not in the table share what is left of the probability.
final class BigramModel: LanguageModel {
  static let vocabulary = 257
  let shape = ModelShape(vocabulary: vocabulary, layers: 1, hidden: 2, heads: 1, kvHeads: 1, intermediate: 2)
  private var table: [Int32: [Int32: Double]] = [:]
  private(set) var rowLengths: [Int] = []
  private(set) var prompts: [[Int32]] = []

  /// - Parameter pairs: `("", "a", 0.5)`: a is said with probability 0.5 at the beginning of a document.
  init(_ pairs: [(String, String, Double)]) {
    for (before, after, probability) in pairs {
      table[Self.id(before), default: [:]][Self.id(after)] = probability
    }
  }

  private static func id(_ text: String) -> Int32 { text.utf8.first.map { Int32($0) + 1 } ?? 0 }

  private func row(_ last: Int32) -> [Double] {
    let known = table[last] ?? [:]
    let rest = (1 - known.values.reduce(0, +)) / Double(Self.vocabulary - known.count)
    return (0..<Int32(Self.vocabulary)).map { known[$0] ?? rest }
  }

  func score(_ rows: [[Int32]]) -> [[TokenScore]] {
    rowLengths += rows.map(\.count)
    return rows.map { tokens in
      tokens.indices.dropFirst().map { index in
        let probabilities = row(tokens[index - 1])
        let own = probabilities[Int(tokens[index])]
        return TokenScore(logProbability: Float(log(own)), rank: Int32(probabilities.count { $0 > own }))
      }
    }
  }

  func generate(prompt: [Int32], maxTokens: Int, choose: (UnsafeBufferPointer<Float>) -> Int32?) -> [Int32] {
    prompts.append(prompt)
    var said: [Int32] = []
    while said.count < maxTokens {
      let logits = row(said.last ?? prompt[prompt.count - 1]).map { Float(log($0)) }
      guard let next = logits.withUnsafeBufferPointer(choose) else { break }
      said.append(next)
    }
    return said
  }

  static var codec: TextCodec {
    TextCodec(
      encode: { $0.map { Int32($0) + 1 } }, decode: { $0.compactMap { $0 == 0 ? nil : UInt8($0 - 1) } },
      endOfDocument: 0)
  }

  func context(_ length: Int = 64, maxItems: Int = 0) -> EvaluationContext {
    EvaluationContext(model: self, codec: Self.codec, contextLength: length, maxItems: maxItems)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
