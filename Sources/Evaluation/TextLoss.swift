import Bytes
import Glibc
import Training

/// Losses added up over texts: by token, by byte and by character. Weighted by tokens, so that a long text counts as
/// much as it has to say.
struct TextLoss: Equatable {
  /// Sum of -ln p.
  private(set) var nats = 0.0
  private(set) var texts = 0
  private(set) var tokens = 0
  private(set) var bytes = 0
  /// Unicode scalars.
  private(set) var characters = 0

  mutating func add(_ text: [UInt8], _ scores: [TokenScore]) {
    nats -= scores.logProbability
    texts += 1
    tokens += scores.count
    bytes += text.count
    // UTF-8 has one byte outside 10xxxxxx for each scalar.
    characters += text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  var natsPerToken: Double { nats / Double(max(tokens, 1)) }
  var perplexity: Double { exp(natsPerToken) }
  var bitsPerByte: Double { nats / M_LN2 / Double(max(bytes, 1)) }
  var bitsPerCharacter: Double { nats / M_LN2 / Double(max(characters, 1)) }
  var bytePerplexity: Double { exp(nats / Double(max(bytes, 1))) }

  var scores: JSONValue {
    .object([
      "loss": .number(natsPerToken), "perplexity": .number(perplexity), "bits_per_byte": .number(bitsPerByte),
      "bits_per_character": .number(bitsPerCharacter), "texts": .integer(texts), "tokens": .integer(tokens),
      "bytes": .integer(bytes), "characters": .integer(characters),
    ])
  }

  var harnessMetrics: [(name: String, value: Double)] {
    [
      ("perplexity,none", perplexity), ("byte_perplexity,none", bytePerplexity), ("bits_per_byte,none", bitsPerByte),
    ]
  }
}
