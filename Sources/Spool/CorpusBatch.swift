import Bytes
import Posix

/// The names of one batch in `corpus/`.
public struct CorpusName: Sendable {
  public let number: Int
  public init(_ number: Int) { self.number = number }

  private var stem: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  public var text: Path { Path(stem + ".jsonl.zst") }
  public var records: Path { Path(stem + ".meta") }
  /// Renamed last: the batch exists exactly when this does.
  public var manifest: Path { Path(stem + ".json") }
  /// Prefix of `.bin` and `.idx` for a tokenizer, named by the first 8 digits of its digest.
  public func tokens(_ tokenizerDigest: String) -> String { stem + "." + tokenizerDigest.prefix(8) }
}

/// How the records of a batch are laid out.
public struct RecordLayout: Equatable, Sendable {
  public let bytes: Int
  /// What the bytes mean.
  public let version: UInt32

  public init(bytes: Int, version: UInt32) {
    self.bytes = bytes
    self.version = version
  }
}

/// Writing a batch: the documents as JSON lines in seekable zstd, a fixed-size record for each, the manifest last.
public enum CorpusBatchWriter {
  static let magic = Array("PTDMETA1".utf8)
  static let headerBytes = 32

  /// Bytes of a file of records.
  public static func recordsSize(_ count: Int, _ layout: RecordLayout) -> Int { headerBytes + count * layout.bytes }

  /// - Parameters:
  ///   - frames: the text, cut every `ZstdFrames.frameBytes`, each part compressed.
  ///   - records: all of `layout.bytes`.
  ///   - manifest: what the journal will say; `files` with sizes and digests is added here.
  public static func publish(
    _ name: CorpusName, frames: [(bytes: [UInt8], plain: Int)], records: [UInt8], layout: RecordLayout,
    manifest: [JSONMember], in corpus: Directory
  ) throws(SystemError) {
    // An attempt that failed at the last fsync had published everything.
    if try corpus.isThere(name.manifest) { return try republish(name, frames, manifest, in: corpus) }
    // What a failed attempt left without a manifest does not exist.
    for leftover in [name.text, name.records] where try corpus.isThere(leftover) { try corpus.remove(leftover) }
    let (text, table): (File, File)
    do throws(SystemError) {
      text = try writeText(name, frames, in: corpus)
      table = try writeRecords(name, records, layout, in: corpus)
    } catch {
      // What a full disk cut off must not keep the room that others wait for.
      for part in [name.text, name.records] { try? corpus.remove(Directory.temporary(part)) }
      throw error
    }
    try corpus.rename(Directory.temporary(name.text), to: corpus, name.text)
    try corpus.rename(Directory.temporary(name.records), to: corpus, name.records)
    // The companions' names are on disk before the manifest's can be.
    try corpus.sync()
    let files = JSONValue.object([
      "text_bytes": .integer(try text.status().size), "text_sha256": .string(Hex.encode(try text.sha256())),
      "records_sha256": .string(Hex.encode(try table.sha256())),
    ])
    try corpus.publish(name.manifest, JSONWriter.pretty(.object(manifest + [JSONMember("files", files)])))
  }

  /// The same batch once more is fine; another one of its number is refused.
  private static func republish(
    _ name: CorpusName, _ frames: [(bytes: [UInt8], plain: Int)], _ manifest: [JSONMember], in corpus: Directory
  ) throws(SystemError) {
    var digest = Digest()
    for frame in frames { digest.update(frame.bytes) }
    digest.update(ZstdFrames.table(frames.map { ($0.bytes.count, $0.plain) }))
    let there = try? JSONParser.parse(try corpus.read(name.manifest))
    let isSame =
      there?["files"]?["text_sha256"]?.string == Hex.encode(digest.finish())
      && manifest.allSatisfy { there?[$0.name] == $0.value }
    guard isSame else { throw SystemError("rename", corpus.path / name.manifest, code: SystemError.alreadyThere) }
    try corpus.republish(name.manifest)
  }

  private static func writeText(
    _ name: CorpusName, _ frames: [(bytes: [UInt8], plain: Int)], in corpus: Directory
  ) throws(SystemError) -> File {
    let text = try corpus.createTemporary(name.text)
    for frame in frames { try text.write(frame.bytes) }
    try text.write(ZstdFrames.table(frames.map { ($0.bytes.count, $0.plain) }))
    try text.sync()
    return text
  }

  private static func writeRecords(
    _ name: CorpusName, _ records: [UInt8], _ layout: RecordLayout, in corpus: Directory
  ) throws(SystemError) -> File {
    let table = try corpus.createTemporary(name.records)
    try table.write(header(layout, count: records.count / layout.bytes))
    try table.write(records)
    try table.sync()
    return table
  }

  private static func header(_ layout: RecordLayout, count: Int) -> [UInt8] {
    var bytes = magic
    LittleEndian.append(UInt32(layout.bytes), to: &bytes)
    LittleEndian.append(UInt32(count), to: &bytes)
    LittleEndian.append(layout.version, to: &bytes)
    bytes += [UInt8](repeating: 0, count: headerBytes - bytes.count)
    return bytes
  }
}

/// A published batch, mapped.
public final class CorpusBatch: Sendable {
  public let name: CorpusName
  public let count: Int
  public let layout: RecordLayout
  private let text: MappedFile
  private let table: MappedFile
  private let frames: [(offset: Int, compressed: Int, plain: Int)]

  public struct Damage: Error, CustomStringConvertible {
    public let path: Path
    public let reason: String

    public init(path: Path, reason: String) {
      self.path = path
      self.reason = reason
    }

    public var description: String { "\(path): \(reason); restore it from a backup" }
  }

  public init(_ name: CorpusName, in corpus: Directory) throws {
    self.name = name
    text = try MappedFile(try corpus.openFile(name.text))
    table = try MappedFile(try corpus.openFile(name.records))
    guard table.bytes.count >= CorpusBatchWriter.headerBytes, table.bytes.starts(with: CorpusBatchWriter.magic) else {
      throw Damage(path: table.path, reason: "not a record table")
    }
    layout = RecordLayout(
      bytes: Int(LittleEndian.read(UInt32.self, table.bytes, at: 8)),
      version: LittleEndian.read(UInt32.self, table.bytes, at: 16))
    count = Int(LittleEndian.read(UInt32.self, table.bytes, at: 12))
    // Damaged numbers may be too large to be multiplied.
    let (size, isTooLarge) = count.multipliedReportingOverflow(by: layout.bytes)
    guard !isTooLarge, table.bytes.count - CorpusBatchWriter.headerBytes == size else {
      throw Damage(path: table.path, reason: "\(table.bytes.count) bytes do not hold \(count) records")
    }
    guard let frames = ZstdFrames.frames(text.bytes) else {
      throw Damage(path: text.path, reason: "the table of frames at its end is missing")
    }
    self.frames = frames
  }

  public func record(_ index: Int) -> UnsafeRawBufferPointer {
    let start = CorpusBatchWriter.headerBytes + index * layout.bytes
    return UnsafeRawBufferPointer(rebasing: table.bytes[start..<(start + layout.bytes)])
  }

  /// `length` bytes of the text from `offset`; frames go through the cache.
  public func text(at offset: Int, length: Int, _ cache: inout FrameCache) throws(Damage) -> [UInt8] {
    guard offset >= 0, length >= 0 else {
      throw Damage(path: table.path, reason: "a record names bytes before the text")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(length, 1 << 24))
    var position = offset
    while bytes.count < length {
      let frame = position / ZstdFrames.frameBytes
      guard let plain = cache.frame(name.number, frame, load: { decompress(frame) }) else {
        throw Damage(path: text.path, reason: "frame \(frame) cannot be decompressed")
      }
      let start = position - frame * ZstdFrames.frameBytes
      let take = min(length - bytes.count, plain.count - start)
      guard take > 0 else { throw Damage(path: text.path, reason: "frame \(frame) is shorter than its records say") }
      bytes += plain[start..<(start + take)]
      position += take
    }
    return bytes
  }

  private func decompress(_ index: Int) -> [UInt8]? {
    guard index < frames.count else { return nil }
    let frame = frames[index]
    let bytes = UnsafeRawBufferPointer(rebasing: text.bytes[frame.offset..<(frame.offset + frame.compressed)])
    return ZstdFrames.decompress(bytes, plain: frame.plain)
  }
}

/// The frames read last: documents are mostly read one after the other.
public struct FrameCache {
  private var frames: [(batch: Int, frame: Int, bytes: [UInt8])] = []
  private let limit: Int

  public init(limit: Int = 16) { self.limit = limit }

  mutating func frame(_ batch: Int, _ frame: Int, load: () -> [UInt8]?) -> [UInt8]? {
    if let index = frames.lastIndex(where: { $0.batch == batch && $0.frame == frame }) { return frames[index].bytes }
    guard let bytes = load() else { return nil }
    if frames.count >= limit { frames.removeFirst() }
    frames.append((batch, frame, bytes))
    return bytes
  }
}
