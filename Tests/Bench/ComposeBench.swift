import Blocks
import Bytes
import Composition
import Phases
import Posix

/// One block composed and written from a corpus of 1.2 times its tokens: seconds and memory by step.
enum ComposeBench {
  static func run(_ folder: Directory, tokens: Int, order: Phase.Order) throws {
    let corpus = try SyntheticCorpus(folder, least: tokens * 6 / 5)
    var settings = ComposeSettings()
    settings.blockTokens = tokens
    let composer = Composer(settings: settings, channels: SyntheticCorpus.channels)
    var phase = Phase()
    phase.order = order
    var watch = Steps()
    for ordinal in 0..<corpus.documents {
      let key = UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15
      composer.add(
        Supply(
          ordinal: UInt32(ordinal), channel: corpus.channel(ordinal), tokens: corpus.length(ordinal), score: 0.5,
          key: Identifier(high: key, low: key ^ UInt64(ordinal))))
    }
    watch.end("documents added")
    guard let draw = composer.draw(number: 0, phase: phase) else { return StandardStreams.print("too few tokens") }
    watch.end("drawn")
    let arranged = try composer.arranged(draw, phase, SyntheticFacts(corpus))
    watch.end("in order")
    let blocks = try folder.make("blocks")
    let name = BlockName(number: 0, revision: 1)
    for old in [name.manifest] + name.companions where blocks.exists(old) { try blocks.remove(old) }
    try write(arranged, corpus, phase, to: blocks, name)
    watch.end("written and on disk")
    composer.commit(arranged)
    watch.end("committed")
    watch.total(
      "\(tokens) tokens, \(order.rawValue), \(arranged.pieces.count) sequences of \(corpus.documents) documents")
  }

  private static func write(
    _ draw: Draw, _ corpus: SyntheticCorpus, _ phase: Phase, to folder: Directory, _ name: BlockName
  ) throws {
    let writer = try BlockWriter(
      folder, name, vocabulary: SyntheticCorpus.vocabulary, endOfDocument: SyntheticCorpus.endOfDocument,
      channels: SyntheticCorpus.channels)
    for piece in draw.pieces {
      let (file, index) = corpus.place(Int(piece.ordinal))
      try corpus.files[file].append(index, start: piece.start, count: piece.count, channel: piece.channel, to: writer)
    }
    try writer.publish(
      draw.details(phase: phase, seed: 0, cut: corpus.documents, tokenizerSHA256: "", sources: []))
  }

  /// Wall and processor time of each step and the anonymous memory after it.
  private struct Steps {
    private let began = (Clock.monotonic(), Bench.processorSeconds())
    private var last = (Clock.monotonic(), Bench.processorSeconds())
    private var most = 0

    mutating func end(_ step: String) {
      let now = (Clock.monotonic(), Bench.processorSeconds())
      most = max(most, Memory().anonymous)
      StandardStreams.print(
        "  \(step): \(Bench.thousandths(now.0 - last.0)) s, processor \(Bench.thousandths(now.1 - last.1)) s, "
          + "anonymous memory \(Memory().anonymous) MB")
      last = now
    }

    func total(_ what: String) {
      let now = (Clock.monotonic(), Bench.processorSeconds())
      StandardStreams.print(
        "\(what): \(Bench.thousandths(now.0 - began.0)) s, processor \(Bench.thousandths(now.1 - began.1)) s, "
          + "most anonymous memory after a step \(most) MB")
    }
  }
}
