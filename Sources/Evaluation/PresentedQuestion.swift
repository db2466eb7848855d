import Suites

/// A question as the model is to see it, with the answer it should give.
struct PresentedQuestion: Equatable {
  struct Option: Equatable {
    /// What stands before it and what is answered: A, B, ...
    let label: [UInt8]
    let text: [UInt8]
  }

  var question: [UInt8]
  /// Empty for open questions.
  var options: [Option]
  /// Index into `options`; nil for open questions.
  var right: Int?
  /// The answer in words.
  var text: [UInt8]

  init(_ item: BenchmarkItem) {
    question = item.question
    options = item.choices.enumerated().map { index, choice in
      Option(label: [UInt8(ascii: "A") + UInt8(index)], text: choice)
    }
    switch item.answer {
    case .choice(let index):
      right = index
      text = item.choices[index]
    case .text(let answer):
      right = nil
      text = answer
    }
  }

  /// What the model has to write.
  func answer(_ form: BenchmarkSettings.AnswerForm) -> [UInt8] {
    if form == .letter, let right { return options[right].label }
    return text
  }

  /// `Question: ...`, the options a line each, `Answer:`.
  func prompt(_ settings: BenchmarkSettings) -> [UInt8] {
    var text = Array(settings.questionLabel.utf8) + [0x20] + question + [0x0A]
    for option in options { text += option.label + Array(". ".utf8) + option.text + [0x0A] }
    return text + Array(settings.answerLabel.utf8)
  }
}
