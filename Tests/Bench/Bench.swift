import Glibc
import Index
import Phases
import Posix

/// Measures parts of the house that no command shows by themselves; tools/bench runs it.
/// usage: Bench dedup-index FOLDER DOCUMENTS INDEX_MB [add-only]
///        Bench compose FOLDER TOKENS shuffle|semantic
///        Bench similarity FILE_OF_TOKEN_IDS
///        Bench copies SPOOL NEW_SPOOL COPIES
///        Bench encode TOKENIZER.json TEXT MB THREADS
@main
enum Bench {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    if words.first == "compose", words.count == 4, let tokens = Int(words[3]),
      let order = Phase.Order(rawValue: words[4])
    {
      return try ComposeBench.run(try folder(words[2]), tokens: tokens, order: order)
    }
    if words.first == "similarity", words.count == 2 {
      return try SimilarityBench.run(try Directory("/").read(Path(String(words[2].drop { $0 == "/" }))))
    }
    if words.first == "copies", words.count == 4, let copies = Int(words[4]) {
      var spools = SpoolCopies(try folder(words[2]), try folder(words[3]))
      return try spools.make(copies)
    }
    if words.first == "encode", words.count == 5, let megabytes = Double(words[4]), let threads = Int(words[5]) {
      return try EncodeSpeed(tokenizer: words[2], text: words[3]).run(megabytes: megabytes, threads: threads)
    }
    let isAddOnly = words.last == "add-only"
    guard words.first == "dedup-index", words.count == (isAddOnly ? 5 : 4), let documents = UInt32(words[3]),
      documents > 1000, let megabytes = Double(words[4])
    else {
      StandardStreams.print("usage: Bench dedup-index ... | encode ... | copies ... | compose ... | similarity ...")
      exit(64)
    }
    try dedupIndex(try folder(words[2]), documents, megabytes, isAddOnly)
  }

  private static func folder(_ path: String) throws -> Directory {
    try Directory("/").make(Path(String(path.drop { $0 == "/" })))
  }

  /// - Parameter isAddOnly: the documents are not looked up, but for the last 1 %: the index of many, sooner.
  private static func dedupIndex(_ folder: Directory, _ documents: UInt32, _ megabytes: Double, _ isAddOnly: Bool)
    throws
  {
    var bench = try IndexBench(folder, megabytes: megabytes)
    bench.isLookingUp = !isAddOnly
    let what = isAddOnly ? "added without looking up" : "looked up and added"
    let full = try measured("\(documents) documents \(what), closed", documents) {
      let part = documents / 10
      for tenth in 0..<10 as Range<UInt32> {
        try bench.add(tenth * part..<(tenth == 9 ? documents : (tenth + 1) * part))
        show(bench, (tenth + 1) * part)
      }
      try bench.close()
    }
    show(bench, documents)
    try measured("opened again", documents) { try bench.open() }
    let answered = measured("10,000 look-ups of documents that are there", 10_000) { () -> Bool in
      bench.answer(10_000, of: documents)
    }
    StandardStreams.print(answered.result ? "  every one found itself and its relative" : "  WRONG ANSWERS")
    bench.isLookingUp = true
    let before = bench.merged
    let more = documents / 100
    let again = try measured("1 % more looked up and added, closed", more) {
      try bench.add(documents..<(documents + more))
      try bench.close()
    }
    let share = again.seconds / full.seconds * 100
    let merged = bench.merged - before
    StandardStreams.print("  \(tenths(share)) % of the whole build's processor time, \(merged) entries merged by it")
    show(bench, documents + more)
    exit(answered.result ? 0 : 1)
  }

  private static func show(_ bench: IndexBench, _ documents: UInt32) {
    let figures = bench.store.figures
    let memory = Memory()
    let each = tenths(Double(figures.bytes) / Double(documents))
    StandardStreams.print(
      "  \(documents) documents: \(figures.runs) runs, \(figures.entries) entries on disk, "
        + "\(figures.bytes / 1_000_000) MB, \(each) bytes a document; "
        + "\(figures.young) in memory; "
        + "anonymous memory \(memory.anonymous) MB, "
        + "most \(memory.peak) MB with mapped files; "
        + "\(bench.found) found, \(bench.merges) merges of \(bench.merged) entries")
  }

  @discardableResult
  private static func measured<Result>(_ what: String, _ documents: UInt32, _ body: () throws -> Result) rethrows -> (
    result: Result, seconds: Double
  ) {
    let (wall, used) = (Clock.monotonic(), processorSeconds())
    let result = try body()
    let (seconds, processor) = (Clock.monotonic() - wall, processorSeconds() - used)
    StandardStreams.print(
      "\(what): \(thousandths(seconds)) s, processor \(thousandths(processor)) s, "
        + "\(tenths(processor * 1e6 / Double(documents))) us each")
    return (result, processor)
  }

  /// Of all threads, user and system.
  static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
  static func logarithm(_ value: Double) -> Double { log(value) }
  static func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// What /proc says of this process, in MB.
struct Memory {
  var anonymous = 0
  var peak = 0

  init() {
    guard let file = try? Directory("/proc/self").openFile("status"), let bytes = try? file.readAll() else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words[0] == "RssAnon:" { anonymous = (Int(words[1]) ?? 0) / 1000 }
      if words[0] == "VmHWM:" { peak = (Int(words[1]) ?? 0) / 1000 }
    }
  }
}
