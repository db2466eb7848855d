/// A text whose perplexity is measured.
public struct PerplexityItem: Equatable, Sendable {
  public let id: String
  /// UTF-8, not empty.
  public let text: [UInt8]
  /// Losses are kept by it; empty when the suite does not say.
  public let channel: String

  public init(id: String, text: [UInt8], channel: String = "") {
    self.id = id
    self.text = text
    self.channel = channel
  }
}

/// One probe of what the model knows.
public struct ProbeItem: Equatable, Sendable {
  public enum Probe: Equatable, Sendable {
    /// The probability of `target` after `prompt`.
    case target(prompt: [UInt8], target: [UInt8])
    /// The perplexity of a sentence.
    case text([UInt8])
    /// `better` should be likelier than `worse`.
    case comparison(better: [UInt8], worse: [UInt8])
  }

  public let id: String
  /// Scores are given by group too; empty when the suite does not say.
  public let group: String
  public let probe: Probe

  public init(id: String, group: String = "", probe: Probe) {
    self.id = id
    self.group = group
    self.probe = probe
  }

  var texts: [[UInt8]] {
    switch probe {
    case .target(let prompt, let target): [prompt + target]
    case .text(let text): [text]
    case .comparison(let better, let worse): [better, worse]
    }
  }
}

/// One question of a benchmark.
public struct BenchmarkItem: Equatable, Sendable {
  public enum Answer: Equatable, Sendable {
    /// Index into `choices`.
    case choice(Int)
    case text([UInt8])
  }

  public let id: String
  public let question: [UInt8]
  /// Empty for open questions.
  public let choices: [[UInt8]]
  public let answer: Answer

  public init(id: String, question: [UInt8], choices: [[UInt8]] = [], answer: Answer) {
    self.id = id
    self.question = question
    self.choices = choices
    self.answer = answer
  }

  /// Question, choices and an open answer, a line each.
  var wholeText: [UInt8] {
    var text = question
    for choice in choices { text += [0x0A] + choice }
    if case .text(let answer) = answer { text += [0x0A] + answer }
    return text
  }
}
