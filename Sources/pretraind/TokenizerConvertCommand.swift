import Console
import Posix
import Tokens

/// `tokenizer convert`: a tiktoken rank file as tokenizer.json.
enum TokenizerConvertCommand {
  static let command = Command(
    "tokenizer convert", "FILE", "a tiktoken rank file as tokenizer.json, with the merges that Hugging Face gives it",
    flags: [
      Flag("pattern", "NAME", "how text is cut: \(SplitPattern.allCases.map(\.rawValue).joined(separator: ", "))"),
      Flag("special", "TEXT=ID", "a special token and its id; may be repeated"),
    ])

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard context.words.arguments.count == 1, let name = context.words.value("pattern") else {
      throw UsageError("usage: pretraind tokenizer convert FILE --pattern NAME [--special TEXT=ID ...]")
    }
    guard let pattern = SplitPattern(rawValue: name) else {
      let known = SplitPattern.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--pattern \(name): one of \(known)")
    }
    let file = context.words.arguments[0]
    do {
      let ranks = try TiktokenFile(try context.readFile(Path(file)))
      let special = try context.words.values("special").map(parsed)
      try StandardStreams.output.write(try ranks.definition(pattern: pattern, special: special).tokenizerJSON())
    } catch let error as TokenizerError {
      throw BadRankFile(description: "\(file): \(error.reason)")
    }
    return ExitCode.done
  }

  private static func parsed(_ word: String) throws -> (text: String, id: Int) {
    guard let sign = word.lastIndex(of: "="), let id = Int(word[word.index(after: sign)...]), sign > word.startIndex
    else {
      throw UsageError("--special \(word): must be TEXT=ID")
    }
    return (String(word[..<sign]), id)
  }
}

struct BadRankFile: Error, CustomStringConvertible {
  let description: String
}
