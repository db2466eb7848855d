import Suites

/// The tokens of a question with answered ones before it.
struct FewShotPrompt {
  let text: [UInt8]
  let tokens: [Int32]
  /// Answered questions shown; fewer than wanted where the context is too short for them.
  let shots: Int
  /// Not even the question alone fitted; its beginning was left out.
  let truncated: Bool

  /// - Parameters:
  ///   - examples: answered questions, the ones to keep first.
  ///   - room: tokens that the prompt may have, the end-of-document token before it included.
  init(question: [UInt8], examples: [[UInt8]], room: Int, _ codec: TextCodec) {
    var used = examples
    while true {
      let text = used.flatMap { $0 + [0x0A, 0x0A] } + question
      let tokens = [codec.endOfDocument] + codec.encode(text)
      if tokens.count <= room || used.isEmpty {
        self.text = text
        self.tokens = Array(tokens.suffix(room))
        shots = used.count
        truncated = tokens.count > room
        return
      }
      used.removeLast()
    }
  }

  /// The first `shots` items that are not the asked one, nor ask the same.
  static func examples(for asked: Int, in items: [BenchmarkItem], shots: Int) -> [Int] {
    var chosen: [Int] = []
    for index in items.indices where chosen.count < shots {
      if index != asked && items[index].question != items[asked].question { chosen.append(index) }
    }
    return chosen
  }
}
