import Bytes
import Classification
import Console
import DataAgent
import Decoding
import Documents
import Parallel
import Posix
import Settings
import TextModels

/// Trains the embedded classifiers on labelled documents and says how good they are on documents never learnt from.
enum ClassifierCommand {
  private static let common = [
    Flag("task", "TASK", "channel, genre or quality"),
    Flag("labels", "DIR", "folders <class>/ of labelled documents (default: labels/TASK of the spool)"),
    Flag("rule", "CLASS=SOURCE", "instead: documents of the FILEs by their source; may be repeated"),
    Flag("label-command", "COMMAND", "instead: documents of the FILEs, labelled by a command that answers JSON lines"),
    Flag("cache", "FILE", "where the command's answers are kept (default: TASK.labels.jsonl)"),
    Flag("sample", "N", "documents that the command is asked about (default 2000)"),
    Flag("seed", "N", "which sample (default 0); the same one always for the same documents"),
    Flag("most", "N", "documents of a class that are used (default 4000)"),
    Flag("threads", "N", "threads (default 1)"),
  ]
  static let train = Command(
    "classifier train", "[FILE ...]",
    "train a classifier on labelled documents, but for the fifth that it is tested on",
    flags: common + [
      Flag("out", "FILE", "the model (default: TASK.ngram)"), Flag("bits", "N", "2^N rows of weights (default 15)"),
      Flag("epochs", "N", "passes over the documents (default 12)"),
      Flag("all", "", "learn from the held-out fifth as well: nothing is left to test on"),
    ])
  static let test = Command(
    "classifier test", "[FILE ...]", "how good a classifier is on the fifth of the documents that is held out",
    flags: common + [
      Flag("model", "FILE", "the model (default: the built-in one; rules: the plain rules)"),
      Flag("all", "", "all documents, not only those that are held out"),
      Flag("wrong", "N", "show the beginnings of so many that are judged wrongly"),
    ])

  @Sendable static func runTrain(_ context: Context) throws -> Int32 {
    let set = try LabelledSet(context)
    let (folder, name) = try context.place(Path(context.words.value("out") ?? "\(set.task.rawValue).ngram"))
    // Before the work, and because a rename would put a file in the place of a device.
    if let there = try folder.statusIfThere(name), there.kind != .regular {
      throw UsageError("--out \(folder.path / name) is there and not a regular file; name a file")
    }
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let learnt = context.words.has("all") ? set.texts : set.texts.filter { !$0.isHeldOut }
    var training = NgramTraining()
    training.bits = try bounded(context, "bits", 8...20) ?? training.bits
    training.epochs = try bounded(context, "epochs", 1...1000) ?? training.epochs
    let trainer = try Self.trainer(context, set, pool)
    let start = Clock.monotonic()
    let model = try trainer.train(learnt, training)
    Context.say(
      "\(set.task.rawValue): learnt from \(learnt.count) documents of \(set.classes.count) classes in "
        + "\(Int((Clock.monotonic() - start).rounded())) s")
    try folder.replaceFile(name, with: model.encoded())
    let held = set.texts.filter(\.isHeldOut)
    if !context.words.has("all") && !held.isEmpty {
      StandardStreams.print(try trainer.judge(model.encoded(), held).text)
    }
    return ExitCode.done
  }

  @Sendable static func runTest(_ context: Context) throws -> Int32 {
    let set = try LabelledSet(context)
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let asked = context.words.has("all") ? set.texts : set.texts.filter(\.isHeldOut)
    if asked.isEmpty { throw LabelError("none of \(set.texts.count) documents is held out; label more, or use --all") }
    let trainer = try Self.trainer(context, set, pool)
    let model = try context.classifierModel(context.words.value("model") ?? "", set.task)
    if model == nil && set.task == .quality {
      throw UsageError("--model FILE is needed: there is no built-in quality model")
    }
    let result = try trainer.judge(model, asked)
    StandardStreams.print(result.text)
    for wrong in result.wrong.prefix(try context.words.integer("wrong") ?? 0) {
      let text = String(decoding: asked[wrong.place].text.prefix(160), as: UTF8.self)
      StandardStreams.say(
        "\(asked[wrong.place].label) judged \(wrong.judged): \(text.split(separator: "\n").joined(separator: " | "))")
    }
    return ExitCode.done
  }

  /// What carves the documents that quality is learnt from: the configured channel model.
  private static func trainer(
    _ context: Context, _ set: LabelledSet, _ pool: WorkerPool
  ) throws -> ClassifierTrainer {
    let settings = try context.agentSettings()
    return ClassifierTrainer(
      set, settings, pool, try context.classifierModel(settings.classify.channelModel, .channel))
  }

  private static func bounded(_ context: Context, _ flag: String, _ range: ClosedRange<Int>) throws -> Int? {
    guard let number = try context.words.integer(flag) else { return nil }
    guard range.contains(number) else {
      throw UsageError("--\(flag) takes \(range.lowerBound) to \(range.upperBound), not \(number)")
    }
    return number
  }
}
