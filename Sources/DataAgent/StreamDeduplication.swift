import Bytes
import Classification
import Deduplication
import Documents
import Glibc
import Parallel
import Posix

/// The agent's deduplication over a stream of JSON lines that is held whole: the same survivors, whatever the order.
public final class StreamDeduplication {
  /// Bytes that are sketched before the first line of them is judged, for each thread. Few where shingles are kept: up
  /// to three times as many bytes, they wait in the cache that they were made in. Else more
  /// and more, up to a bound: judging finds its own in the cache.
  private static let window = (least: 1 << 18, most: 8 << 20)
  private var window = StreamDeduplication.window.least
  /// Lines of one piece of parallel work.
  private static let piece = 16
  /// More than the index numbers in memory; the agent has no such bound.
  private static let mostLines = 16_000_000

  private let stream: MappedFile
  private var reader: StreamLine.Reader
  private let pool: WorkerPool
  private let deduplicator: Deduplicator
  private let log = DropLog()
  private let held = Lines()
  private var lines: [StreamLine.Content] { held.read }
  private let channels: ChannelTable
  private var pieces: StreamPieces
  public private(set) var times = Times()

  /// Processor time over all threads.
  public struct Times: Sendable {
    /// Parsing, classifying, sketching.
    public var readSeconds = 0.0
    /// Sketching alone.
    public var sketchSeconds = 0.0
    /// Looking up, verifying, clustering.
    public var judgeSeconds = 0.0
    public var textBytes = 0
  }

  /// Why the last drop of a document was one; it may be dropped again, for another.
  private final class DropLog {
    var likeness: [UInt32: Likeness] = [:]
  }

  /// The lines read so far, for the deduplicator's questions too.
  private final class Lines {
    var read: [StreamLine.Content] = []
    /// Shingles of the lines from `firstFresh` on.
    var fresh: [TextShingles?] = []
    var firstFresh = 0

    func shingles(_ ordinal: UInt32) -> TextShingles? {
      let place = Int(ordinal) - firstFresh
      return fresh.indices.contains(place) ? fresh[place] : nil
    }

    func text(_ ordinal: UInt32, _ stream: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
      guard case .document(let line) = read[Int(ordinal)] else { return nil }
      return (try? JSONFields.text(line.textValue, in: stream)) ?? nil
    }

    func sketch(_ ordinal: UInt32) -> DocumentSketch? {
      if case .document(let line) = read[Int(ordinal)] { line.sketch } else { nil }
    }
  }

  /// - Parameters:
  ///   - stream: JSON lines with `text`, perhaps `id`, `channel`, `genre`, `score`, `url`, `date`.
  ///   - pieces: which pieces of survivors are looked for and cut.
  public init(
    _ stream: MappedFile, settings: AgentSettings, classifier: Classifier, pool: WorkerPool,
    pieces: [BoilerplateFinder.Rule] = []
  ) {
    self.stream = stream
    self.pieces = StreamPieces(pieces, settings: settings.dedupe)
    channels = settings.channels
    self.pool = pool
    reader = StreamLine.Reader(
      maker: SketchMaker(settings.dedupe), classifier: classifier, channels: settings.channels,
      needsGenre: !settings.dedupe.thresholds.isEmpty)
    let held = held
    deduplicator = Deduplicator(
      settings: settings.dedupe, channels: settings.channels,
      earlier: EarlierDocuments(
        text: { held.text($0, stream.bytes.bindMemory(to: UInt8.self)) },
        sketch: { held.sketch($0) }, shingles: { held.shingles($0) }))
    let log = log
    deduplicator.onDrop = { ordinal, _, likeness in log.likeness[ordinal] = likeness }
  }

  private var bytes: UnsafeBufferPointer<UInt8> { stream.bytes.bindMemory(to: UInt8.self) }

  /// Judges every line; when one cannot be read nothing is to be written.
  public func run() throws(BadStreamLine) {
    var start = 0
    while start < bytes.count {
      var ranges: [Range<Int>] = []
      let windowEnd = start + window * pool.threads
      while start < min(windowEnd, bytes.count) {
        let found = memchr(bytes.baseAddress! + start, 0x0A, bytes.count - start)
        let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(bytes.baseAddress!) } ?? bytes.count
        ranges.append(start..<end)
        start = end + 1
      }
      judge(try read(ranges))
      if lines.count > StreamDeduplication.mostLines {
        throw BadStreamLine(
          number: lines.count, reason: "more than \(StreamDeduplication.mostLines) lines; split the stream by channel")
      }
    }
  }

  private typealias Reading = (content: StreamLine.Content, shingles: TextShingles?)

  private func read(_ ranges: [Range<Int>]) throws(BadStreamLine) -> [Reading] {
    let first = lines.count
    let began = Clock.processor()
    nonisolated(unsafe) let bytes = bytes
    let reader = reader
    let pieces = (ranges.count + StreamDeduplication.piece - 1) / StreamDeduplication.piece
    let results = pool.map(pieces) { piece -> Result<(lines: [Reading], seconds: Double), BadStreamLine> in
      let from = piece * StreamDeduplication.piece
      var reader = reader
      var read: [Reading] = []
      for index in from..<min(ranges.count, from + StreamDeduplication.piece) {
        do throws(JSONError) {
          read.append(try reader.read(ranges[index], bytes))
        } catch {
          return .failure(BadStreamLine(number: first + index + 1, reason: "\(error)"))
        }
      }
      return .success((read, reader.sketchSeconds))
    }
    var read: [Reading] = []
    for result in results {
      let (lines, seconds) = try result.get()
      read += lines
      times.sketchSeconds += seconds
    }
    times.readSeconds += Clock.processor() - began
    return read
  }

  private func judge(_ read: [Reading]) {
    let began = Clock.processor()
    let compared = deduplicator.comparisons
    (held.fresh, held.firstFresh) = (read.map(\.shingles), lines.count)
    for (content, shingles) in read {
      let ordinal = UInt32(lines.count)
      held.read.append(content)
      guard case .document(let line) = content else { continue }
      times.textBytes += line.textBytes
      let candidate = Candidate(
        ordinal: ordinal, channel: line.channel, genre: line.genre, score: line.score, length: line.textBytes,
        textID: line.textID, id: line.id, date: line.sketch.facts.date)
      // The text is read again only when it is to be compared.
      _ = deduplicator.insert(candidate, sketch: line.sketch, text: nil, shingles: shingles)
    }
    held.fresh = []
    // Where duplicates are many the texts of the next lines will be compared, so their shingles are wanted again.
    reader.keepsShingles = (deduplicator.comparisons - compared) * 4 >= read.count
    let sizes = StreamDeduplication.window
    window = reader.keepsShingles ? sizes.least : min(window * 2, sizes.most)
    times.judgeSeconds += Clock.processor() - began
  }

  /// All lines in order: a duplicate with `drop`, a document that others are duplicates of with `cluster_size`, all
  /// else as it came.
  public func write(_ output: (UnsafeRawBufferPointer) throws -> Void) throws {
    var sizes: [UInt32: Int] = [:]
    for ordinal in lines.indices {
      if let survivor = survivor(ordinal) { sizes[survivor, default: 1] += 1 }
    }
    var buffer: [UInt8] = []
    for (ordinal, content) in lines.enumerated() {
      let line = UnsafeBufferPointer(rebasing: bytes[content.range])
      let members = members(ordinal, line, clusterSize: sizes[UInt32(ordinal)])
      if members.isEmpty {
        buffer.append(contentsOf: line)
      } else {
        buffer += StreamLine.written(line, with: members)
      }
      buffer.append(0x0A)
      if buffer.count > 1 << 20 {
        try buffer.withUnsafeBytes(output)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try buffer.withUnsafeBytes(output)
  }

  /// Looks for the pieces that survivors share, after `run`.
  public func findPieces() throws {
    if pieces.isEmpty { return }
    let kept = lines.indices.filter { isDocument($0) && survivor($0) == nil }.map { UInt32($0) }
    try pieces.look(through: kept, { self.document($0) }, isBetter: deduplicator.isBetter)
  }

  private func document(_ ordinal: UInt32) -> Document? {
    guard case .document(let line) = lines[Int(ordinal)] else { return nil }
    let bytes = UnsafeBufferPointer(rebasing: bytes[line.range])
    var document = LineDocument.read(bytes, channels, channel: Channel(line.channel))
    // A line that no filter classified: code in it must not be taken for lines that many have.
    if document?.segments.isEmpty == true { reader.classifier.carve(&document!) }
    return document
  }

  /// What a line is given; nothing: it goes as it came.
  private func members(_ ordinal: Int, _ line: UnsafeBufferPointer<UInt8>, clusterSize: Int?) -> [StreamLine.Member] {
    if !isDocument(ordinal) { return [] }
    if let survivor = survivor(ordinal) { return [("drop", drop(ordinal, survivor))] }
    var members: [StreamLine.Member] = clusterSize.map { [("cluster_size", Array("\($0)".utf8))] } ?? []
    if !pieces.isEmpty, let document = document(UInt32(ordinal)) {
      members += pieces.members(document, UInt32(ordinal), line)
    }
    return members
  }

  private func isDocument(_ ordinal: Int) -> Bool { if case .document = lines[ordinal] { true } else { false } }

  private func survivor(_ ordinal: Int) -> UInt32? {
    if !isDocument(ordinal) { return nil }
    switch deduplicator.state(UInt32(ordinal)) {
    case .kept: return nil
    case .duplicate(let survivor), .superseded(let survivor): return survivor
    }
  }

  private func drop(_ ordinal: Int, _ survivor: UInt32) -> [UInt8] {
    let likeness = log.likeness[UInt32(ordinal)] ?? .exact
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("stage")
    writer.value(.string("dedupe"))
    writer.key("rule")
    writer.value(.string(likeness.name))
    writer.key("value")
    writer.value(.number((likeness.similarity * 10_000).rounded() / 10_000))
    writer.key("threshold")
    writer.value(.number(deduplicator.threshold(UInt32(ordinal), survivor)))
    writer.key("of")
    writer.raw(StreamLine.writtenID(lines[Int(survivor)].range, bytes) ?? Array("null".utf8))
    writer.key("of_line")
    writer.value(.integer(Int(survivor) + 1))
    writer.endObject()
    return writer.bytes
  }
}
