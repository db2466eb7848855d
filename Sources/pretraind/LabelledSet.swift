import Bytes
import Classification
import Console
import DataAgent
import Decoding
import Posix

/// The labelled documents that the words of a command ask for, each once, at most so many of a class.
struct LabelledSet {
  let task: ClassifierTask
  let classes: [String]
  let texts: [LabelledText]

  init(_ context: Context) throws {
    let names = ClassifierTask.allCases.map(\.rawValue)
    guard let task = context.words.value("task").flatMap(ClassifierTask.init) else {
      throw UsageError("--task takes one of: \(names.joined(separator: ", "))")
    }
    self.task = task
    var all = try LabelledSet.read(context, task)
    // The order of files and folders plays no part, nor does a text that is there twice.
    all.sort { ($0.id, $0.label) < ($1.id, $1.label) }
    let most = try context.words.integer("most") ?? 4000
    var counts: [String: Int] = [:]
    var used: [LabelledText] = []
    for (place, text) in all.enumerated() {
      let isDoubted = [place - 1, place + 1].contains {
        all.indices.contains($0) && all[$0].id == text.id && all[$0].label != text.label
      }
      if isDoubted || (used.last?.id == text.id) || counts[text.label, default: 0] >= most { continue }
      counts[text.label, default: 0] += 1
      used.append(text)
    }
    texts = used
    classes = counts.keys.sorted()
    if classes.count < 2 { throw LabelError("one class tells nothing apart; label documents of a second one") }
  }

  private static func read(_ context: Context, _ task: ClassifierTask) throws -> [LabelledText] {
    let settings = try context.agentSettings()
    let reader = LabelReader(settings: settings.read, converters: settings.converters)
    let files = context.words.arguments
    let rules = try context.words.values("rule").map { rule in
      let parts = rule.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw UsageError("--rule takes CLASS=SOURCE, not '\(rule)'") }
      return (label: parts[0], source: parts[1])
    }
    if let command = context.words.value("label-command") {
      if files.isEmpty { throw UsageError("--label-command needs FILEs whose documents it labels") }
      let cache = Path(context.words.value("cache") ?? "\(task.rawValue).labels.jsonl")
      let texts = try files.flatMap { try reader.read(try LabelReader.open($0)).map(\.text) }
      let seed = try context.words.integer("seed") ?? 0
      let sample = try sampled(texts, context.words.integer("sample") ?? 2000, seed: seed)
      return try CommandLabels(command: command, cache: cache).label(sample)
    }
    if !rules.isEmpty {
      if files.isEmpty { throw UsageError("--rule needs FILEs whose documents have sources") }
      return try reader.sources(files, rules: rules)
    }
    if !files.isEmpty {
      throw UsageError("FILEs need --rule or --label-command; labelled folders are given by --labels")
    }
    return try reader.folder(Path(context.words.value("labels") ?? "\(context.spoolPath)/labels/\(task.rawValue)"))
  }

  /// A fair sample that stays the same for a seed, whatever the order of files: by a hash of text and seed. Texts that
  /// are there twice are asked about once.
  private static func sampled(_ texts: [[UInt8]], _ most: Int, seed: Int) -> [[UInt8]] {
    var identified = texts.map { text -> (key: Identifier, text: [UInt8]) in
      let id = Identifier(of: text)
      return (seed == 0 ? id : Identifier(of: id.bytes + Array("\(seed)".utf8)), text)
    }
    identified.sort { $0.key < $1.key }
    var sample: [[UInt8]] = []
    var last: Identifier?
    for (key, text) in identified where key != last && sample.count < most {
      sample.append(text)
      last = key
    }
    return sample
  }
}
