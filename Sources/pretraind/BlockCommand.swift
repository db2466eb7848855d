import Blocks
import Bytes
import Console
import Posix
import Spool
import Tokens

enum BlockCommand {
  static let info = Command("block info", "NUMBER ...", "mix, sources and uses of blocks")
  static let verify = Command(
    "block verify", "[NUMBER ...]", "check blocks against their manifests, all without a number")
  static let export = Command(
    "block export", "NUMBER", "a block as JSON lines: channel, text",
    flags: [
      Flag("jsonl", "", "JSON lines (the only form)"),
      Flag("ids", "", "with the token ids"),
    ])

  private static func numbers(_ context: Context, _ layout: SpoolLayout) throws -> [Int] {
    if context.words.arguments.isEmpty { return try BlockManifest.numbers(in: layout.blocks) }
    return try context.words.arguments.map { word in
      let digits = word.hasPrefix("part-") ? String(word.dropFirst(5)) : word
      guard let number = Int(digits) else { throw UsageError("'\(word)' is no block number") }
      return number
    }
  }

  @Sendable static func runInfo(_ context: Context) throws -> Int32 {
    let layout = try context.existingSpool()
    for number in try numbers(context, layout) {
      StandardStreams.print(BlockReport.text(try BlockManifest.read(layout.blocks, number)))
    }
    return ExitCode.done
  }

  @Sendable static func runVerify(_ context: Context) throws -> Int32 {
    let layout = try context.existingSpool()
    let json = try? layout.tokenizer.read("tokenizer.json")
    let digest = json.map { Hex.encode(Digest.sha256($0)) }
    var failed = 0
    for number in try numbers(context, layout) {
      do throws(BlockError) {
        let block = try Block(layout.blocks, number: number)
        let result = try block.verify(tokenizerSHA256: digest)
        StandardStreams.print("part \(number): whole, \(result.tokens) tokens in \(result.sequences) sequences")
      } catch {
        failed += 1
        StandardStreams.say("\(error)")
      }
    }
    return failed == 0 ? ExitCode.done : ExitCode.data
  }

  @Sendable static func runExport(_ context: Context) throws -> Int32 {
    let layout = try context.existingSpool()
    guard let number = try numbers(context, layout).first, context.words.arguments.count == 1 else {
      throw UsageError("usage: pretraind block export NUMBER")
    }
    let tokenizer = try Tokenizer(json: try layout.tokenizer.read("tokenizer.json"))
    let output = StandardStreams.output
    try BlockExport.jsonl(
      try Block(layout.blocks, number: number), includeTokens: context.words.has("ids"),
      decode: { tokenizer.decode($0) }, write: { (lines) throws(SystemError) in try output.write(lines) })
    return ExitCode.done
  }
}
