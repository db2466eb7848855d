import Bytes
import Console
import Posix
import Tokenization
import Tokens

enum TokenizerLintCommand {
  static let lint = Command(
    "tokenizer lint", "",
    "what is wrong with a tokenizer: tokens never produced, merges that cannot act, ids without a row",
    flags: [TokenizerCommand.file, Flag("embedding", "N", "rows of the model's embedding (default: not checked)")],
    details: "Exit status 65 when something is wrong; what is only worth knowing does not count.")
  static let extend = Command(
    "tokenizer extend", "", "put terms into a tokenizer without changing an old id; prints tokenizer.json",
    flags: [
      TokenizerCommand.file, Flag("terms", "FILE", "the terms, one a line"),
      Flag("rows", "FILE", "where the new rows of the embedding are written, for the trainer (JSON)"),
      Flag("as", "merges|added", "words become merges (default), or added tokens, found inside other words too"),
      Flag("force", "", "go on although old tokens are never produced any more"),
    ],
    details: "Every old token is encoded before and after: those that are lost are listed, and nothing is written.")

  @Sendable static func runLint(_ context: Context) throws -> Int32 {
    let findings = VocabularyLint(try TokenizerCommand.byteLevel(context)).findings(
      embedding: try context.words.integer("embedding"))
    for finding in findings {
      let id = finding.id.map { " id \($0):" } ?? ""
      StandardStreams.print("\(finding.isFault ? "fault" : "note"): \(finding.kind.rawValue):\(id) \(finding.reason)")
    }
    let faults = findings.count(where: \.isFault)
    StandardStreams.say("\(faults) faults, \(findings.count - faults) notes")
    return faults == 0 ? ExitCode.done : ExitCode.data
  }

  @Sendable static func runExtend(_ context: Context) throws -> Int32 {
    guard let list = context.words.value("terms") else { throw UsageError("tokenizer extend needs --terms FILE") }
    guard let way = VocabularyExtension.Way(rawValue: context.words.value("as") ?? "merges") else {
      throw UsageError("--as takes merges or added")
    }
    let old = try TokenizerCommand.byteLevel(context)
    let extended = try VocabularyExtension(old, terms: TermList.lines(try context.readFile(Path(list))), way: way)
    for term in extended.failed { StandardStreams.say("not one token: \(String(decoding: term, as: UTF8.self))") }
    for id in extended.lost {
      StandardStreams.say("never produced any more: \(id) \"\(String(decoding: old.bytes(of: id), as: UTF8.self))\"")
    }
    let isRefused = !extended.lost.isEmpty && !context.words.has("force")
    StandardStreams.say(
      "\(extended.rows.count(where: \.isTerm)) terms added with \(extended.rows.count) ids, \(extended.present.count) "
        + "were one token before; \(extended.lost.count) old tokens lost"
        + (isRefused ? ": nothing written, see --force" : ""))
    if isRefused || !extended.failed.isEmpty { return ExitCode.data }
    if let file = context.words.value("rows") {
      let (folder, name) = try context.place(Path(file))
      try folder.replaceFile(name, with: JSONWriter.pretty(rows(extended, old)))
    }
    try StandardStreams.output.write(extended.definition.tokenizerJSON())
    return ExitCode.done
  }

  private static func rows(_ extended: VocabularyExtension, _ old: Tokenizer) -> JSONValue {
    .object([
      "old_vocab_size": .integer(old.vocabularySize),
      "vocab_size": .integer(old.vocabularySize + extended.rows.count),
      "rows": .array(
        extended.rows.map { row in
          .object([
            "id": .integer(Int(row.id)), "text": .string(String(decoding: row.text, as: UTF8.self)),
            "term": .bool(row.isTerm), "mean_of": .array(row.from.map { .integer(Int($0)) }),
          ])
        }),
    ])
  }
}
