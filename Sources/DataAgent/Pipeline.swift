import Classification
import Deduplication
import Documents
import Posix
import Synchronization

/// The order of the per-document stages, named here once. Reading, decoding and normalizing come before (the reader
/// does
/// them), deduplication, tokenization and composition after (they know other documents).
struct Pipeline: Sendable {
  typealias Step = (name: String, stage: any Stage)

  /// Up to and with the score: they leave the text as it is.
  let judging: [Step]
  /// What follows from it.
  let cutting: [Step]
  private let redact: any Stage
  var inOrder: [Step] { judging + cutting }
  /// Finds the segments anew where desensitizing moved them.
  private let carver: Classifier
  private let times: StageTimes

  init(
    classify: any Stage, measure: any Stage, score: any Stage, filter: (any Stage)?, redact: any Stage,
    boilerplate: (any Stage)?, carver: Classifier, times: StageTimes
  ) {
    judging = [("classify", classify), ("measure", measure), ("score", score)]
    // Lists of boilerplate are made from texts as they are in the corpus: desensitized.
    cutting =
      (filter.map { [("filter", $0)] } ?? []) + [("redact", redact)] + (boilerplate.map { [("boilerplate", $0)] } ?? [])
    self.redact = redact
    self.carver = carver
    self.times = times
  }

  /// Runs every stage. A filtered document is still desensitized: it stays in the corpus.
  /// - Parameter entering: told the name of each stage before it begins.
  func process(_ document: inout Document, entering: (String) -> Void = { _ in }) {
    judge(&document, entering: entering)
    cut(&document, entering: entering)
  }

  /// The first half: what a program outside may still score before the rest.
  func judge(_ document: inout Document, entering: (String) -> Void = { _ in }) {
    for (index, step) in judging.enumerated() {
      // The second stage: a text must not only kill where the first one looks.
      if index == 1 { document.text.withUnsafeBufferPointer { PoisonPoint.taste($0, .text) } }
      run(step, &document, entering)
    }
  }

  /// The second half.
  func cut(_ document: inout Document, entering: (String) -> Void = { _ in }) {
    let before = document.text
    for step in cutting { run(step, &document, entering) }
    desensitizeExcerpts(&document)
    if !document.segments.isEmpty && document.text != before { carver.carve(&document) }
  }

  private func run(_ step: Step, _ document: inout Document, _ entering: (String) -> Void) {
    entering(step.name)
    let start = Clock.monotonic()
    step.stage.process(&document)
    times.add(step.name, Clock.monotonic() - start)
  }
}

extension Pipeline {
  /// What is shown of dropped lines hides what the text hides.
  private func desensitizeExcerpts(_ document: inout Document) {
    for index in document.droppedLines.indices where document.droppedLines[index].first.rule != BoilerplateCutter.rule {
      var line = Document(id: document.id, text: document.droppedLines[index].excerpt, source: "", origin: "")
      line.channel = document.channel
      redact.process(&line)
      document.droppedLines[index].excerpt = line.text
    }
  }
}

/// Seconds of work by stage, over all threads: for status and benchmarks.
final class StageTimes: Sendable {
  private let seconds = Mutex<[String: Double]>([:])
  private let bytes = Mutex(0)

  func add(_ stage: String, _ time: Double) { seconds.withLock { $0[stage, default: 0] += time } }
  func addBytes(_ count: Int) { bytes.withLock { $0 += count } }

  func measure<Result>(_ stage: String, _ work: () throws -> Result) rethrows -> Result {
    let start = Clock.monotonic()
    defer { add(stage, Clock.monotonic() - start) }
    return try work()
  }

  var textBytes: Int { bytes.withLock { $0 } }
  var all: [(stage: String, seconds: Double)] {
    seconds.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }
}
