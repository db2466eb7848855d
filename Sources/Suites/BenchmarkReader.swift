import Bytes
import Settings

extension Suite {
  /// Options are named A...Z.
  private static let mostChoices = 26

  static func readBenchmark(_ bytes: [UInt8], file: String) throws(SuiteError) -> [BenchmarkItem] {
    try SuiteLine.readAll(bytes, file: file, id: \BenchmarkItem.id) { (line) throws(SuiteError) in
      try line.checkKeys(["id", "question", "choices", "answer"])
      let question = try line.text("question")
      let choices = try readChoices(line)
      let answer = choices.isEmpty ? .text(try openAnswer(line)) : try choiceAnswer(line, choices.count)
      return BenchmarkItem(id: try line.identifier(), question: question, choices: choices, answer: answer)
    }
  }

  private static func openAnswer(_ line: SuiteLine) throws(SuiteError) -> [UInt8] {
    let answer = try line.text("answer")
    // Generation ends at a new line, so such an answer could never be given.
    if answer.contains(0x0A) { throw line.error("'answer' has more than one line", "shorten it to one line") }
    return answer
  }

  private static func readChoices(_ line: SuiteLine) throws(SuiteError) -> [[UInt8]] {
    guard let value = line.value("choices") else { return [] }
    guard let list = value.array, list.count >= 2, list.count <= mostChoices else {
      throw line.error("'choices' is not a list of 2...\(mostChoices) texts", "write it as [\"...\", \"...\"]")
    }
    var choices: [[UInt8]] = []
    for entry in list {
      guard let text = entry.bytes, !text.isEmpty else {
        throw line.error("choice \(choices.count + 1) is not a text", "put it in quotes")
      }
      if choices.contains(text) {
        throw line.error("choice \(choices.count + 1) is there twice", "make the choices different")
      }
      choices.append(text)
    }
    return choices
  }

  private static func choiceAnswer(_ line: SuiteLine, _ count: Int) throws(SuiteError) -> BenchmarkItem.Answer {
    let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(count - 1)))
    let remedy = "write the right choice as an index 0...\(count - 1) or a letter A...\(last)"
    guard let value = line.value("answer") else { throw line.error("'answer' is missing", remedy) }
    if let index = value.integer {
      guard (0..<count).contains(index) else {
        throw line.error("the answer \(index) is none of \(count) choices", remedy)
      }
      return .choice(index)
    }
    guard let text = value.bytes, text.count == 1 else { throw line.error("the answer names no choice", remedy) }
    let index = Int(text[0] & 0xDF) - Int(UInt8(ascii: "A"))
    guard text[0] >= 0x41, (0..<count).contains(index) else {
      throw line.error("the answer '\(String(decoding: text, as: UTF8.self))' names no choice", remedy)
    }
    return .choice(index)
  }

  static func readSettings(
    _ bytes: [UInt8]?, items: [BenchmarkItem], name: String
  ) throws(SuiteError) -> BenchmarkSettings {
    let file = "benchmark/\(name).json5"
    let settings: BenchmarkSettings
    do throws(SettingError) {
      settings = try BenchmarkSettings.decode(
        bytes.map { (bytes) throws(SettingError) in try JSON5Parser.parse(bytes) })
    } catch {
      throw SuiteError(
        file: file, line: error.line, reason: error.reason, remedy: "correct it, or remove the file for defaults")
    }
    let open = items.allSatisfy(\.choices.isEmpty)
    if open, let transform = settings.transforms.first(where: \.needsChoices) {
      throw SuiteError(
        file: file, reason: "the transform '\(transform)' needs choices, and no item has any", remedy: "remove it")
    }
    if settings.answerFormName == "letter", let item = items.first(where: \.choices.isEmpty) {
      throw SuiteError(
        file: file, reason: "answer_form is letter, but item '\(item.id)' has no choices",
        remedy: "use text, or add choices")
    }
    return settings
  }
}
