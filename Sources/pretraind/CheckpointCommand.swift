import Bytes
import Console
import EvalAgent
import Evaluation
import Parallel
import Posix
import Spool
import Training

enum CheckpointCommand {
  private static let which = Flag("checkpoint", "DIR", "a checkpoint folder (default: the spool's latest)")
  static let info = Command("checkpoint info", "", "what a checkpoint is the state after", flags: [which])
  static let logits = Command(
    "checkpoint logits", "", "logits of every position for given ids, as JSON: to compare engines",
    flags: [which, Flag("ids", "FILE", "a JSON array of token ids")])
  static let generate = Command(
    "generate", "PROMPT", "continue a text, always by the likeliest token",
    flags: [
      which, Flag("max-tokens", "N", "how many tokens at most (default 64)"),
      Flag("threads", "N", "threads (default 1)"),
    ])

  private static func open(_ context: Context) throws -> (Directory, CommitRecord) {
    let path = context.words.value("checkpoint").map { Path($0) } ?? context.spoolPath / "checkpoints/latest"
    let folder = try Directory(path)
    guard let json = try? JSONParser.parse(try folder.read(CheckpointStore.commitFile)), let record = CommitRecord(json)
    else {
      throw UsageError("\(path): no COMMIT.json, so this is no finished checkpoint of ours")
    }
    return (folder, record)
  }

  private static func load(_ context: Context) throws -> LoadedModel {
    let (folder, record) = try open(context)
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    return try NativeModelSource(pool: pool, tokenizers: folder).load(record, from: folder)
  }

  @Sendable static func runInfo(_ context: Context) throws -> Int32 {
    let (folder, record) = try open(context)
    let position = record.position
    StandardStreams.print(
      "\(record.reference.text) in \(folder.path): after step \(position.step), \(position.tokens) tokens")
    for file in record.files { StandardStreams.print("  \(file.name): \(file.size) bytes, sha256 \(file.sha256)") }
    return ExitCode.done
  }

  @Sendable static func runLogits(_ context: Context) throws -> Int32 {
    guard let file = context.words.value("ids") else {
      throw UsageError("usage: pretraind checkpoint logits --ids FILE")
    }
    let ids = (try JSONParser.parse(try context.readFile(Path(file))).array ?? []).compactMap(\.integer).map {
      Int32($0)
    }
    let model = try load(context).model
    guard let first = ids.first, ids.allSatisfy({ $0 >= 0 && Int($0) < model.shape.vocabulary }) else {
      throw UsageError("\(file): ids must be numbers from 0 to \(model.shape.vocabulary - 1)")
    }
    var rows: [JSONValue] = []
    // The given ids are forced, one after the other, so that every position's logits pass by.
    _ = model.generate(prompt: [first], maxTokens: ids.count) { logits in
      rows.append(.array(logits.map { .number(Double($0)) }))
      return rows.count < ids.count ? ids[rows.count] : nil
    }
    StandardStreams.print(String(decoding: JSONWriter.compact(.array(rows)), as: UTF8.self))
    return ExitCode.done
  }

  @Sendable static func runGenerate(_ context: Context) throws -> Int32 {
    guard let prompt = context.words.arguments.first else { throw UsageError("usage: pretraind generate PROMPT") }
    let loaded = try load(context)
    let start = [loaded.codec.endOfDocument] + loaded.codec.encode(Array(prompt.utf8))
    let most = try context.words.integer("max-tokens") ?? 64
    let end = loaded.codec.endOfDocument
    let ids = loaded.model.generate(prompt: start, maxTokens: most) { logits in
      let best = Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
      return best == end ? nil : best
    }
    StandardStreams.print(prompt + String(decoding: loaded.codec.decode(ids), as: UTF8.self))
    return ExitCode.done
  }
}
