import Suites

/// A change of a question that keeps its right answer right. Further ones are a case here and a name in Suites.
struct QuestionTransform {
  let name: TransformName
  let seed: Int

  /// - Parameter index: place of the item in its suite; with the seed it decides every random choice.
  func apply(_ question: PresentedQuestion, index: Int) -> PresentedQuestion {
    switch name {
    case .none: return question
    case .shuffle:
      var random = SplitMix(seed: UInt64(seed) &* 0x1_0000_0001 &+ UInt64(index))
      return QuestionTransform.shuffle(question, &random)
    }
  }

  /// The options in another order; the labels stay where they are.
  private static func shuffle(_ question: PresentedQuestion, _ random: inout SplitMix) -> PresentedQuestion {
    guard question.options.count > 1, let right = question.right else { return question }
    var order = Array(question.options.indices)
    for last in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(last, random.below(last + 1)) }
    var shuffled = question
    shuffled.options = order.enumerated().map { place, old in
      PresentedQuestion.Option(label: question.options[place].label, text: question.options[old].text)
    }
    shuffled.right = order.firstIndex(of: right)
    return shuffled
  }
}

/// SplitMix64 (Steele, Lea, Flood, 2014): small, seeded, the same everywhere.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// Uniform in 0..<count: the high word of a 128-bit product.
  mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
}
