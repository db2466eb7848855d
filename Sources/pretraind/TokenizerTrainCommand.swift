import Console
import DataAgent
import Parallel
import Posix
import Settings
import Tokenization
import Tokens

enum TokenizerTrainCommand {
  static let command = Command(
    "tokenizer train", "[FILE ...]", "train a byte-level BPE; prints tokenizer.json",
    flags: [
      Flag("threads", "N", "threads (default: all cores)"), Flag("stats", "", "seconds of the work on standard error"),
    ],
    details: "FILEs are text or JSON lines with `text` (and `channel`), packed or not; without one the spool's kept "
      + "documents are taken,\nup to tokenize.train_mb. What the vocabulary holds is said in section `tokenize`.")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let settings = try context.settings().decode(TokenizeSettings.self)
    let lists = try VocabularyLists(settings, readFile: { try context.readFile(Path($0)) })
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? Processors.count)
    let isSpool = context.words.arguments.isEmpty
    var sample = TrainingSample(
      settings, lists, pool: pool, limit: isSpool ? settings.trainMegabytes * 1_000_000 : .max)
    let begun = Clock.monotonic()
    try TrainingText(context, pool).forEach { text, channel in
      sample.take(text, channel: channel)
      return !sample.isFull
    }
    let taken = sample.taken
    let read = Clock.monotonic()
    guard let trained = try sample.train(settings, lists, goesOn: { !Signals.stopRequested }) else {
      throw GivenUpTraining()
    }
    if context.words.has("stats") {
      let done = Clock.monotonic()
      StandardStreams.say(
        "read and counted in \(rounded(read - begun)) s, merged in \(rounded(done - read)) s, \(pool.threads) threads")
    }
    for remark in trained.remarks { StandardStreams.say(remark) }
    for share in settings.mix {
      StandardStreams.say("channel \(share.channel): \((taken[share.channel] ?? 0) / 1_000_000) MB")
    }
    try StandardStreams.output.write(trained.definition.tokenizerJSON())
    return ExitCode.done
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

  private struct GivenUpTraining: Error, CustomStringConvertible {
    let description = "training was asked to stop; nothing was written"
  }
}
