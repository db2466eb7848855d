/// Reads one file as documents. Not for several threads at once; one reader a file.
///
/// A truncated or damaged archive throws only after every whole document before the damage was returned.
public final class DocumentReader {
  private static let sampleBytes = 1 << 20

  private let source: any ByteSource
  private let format: FileFormat
  private let settings: ReadSettings
  private let options: SourceOptions
  private let start: ReadPosition
  private let isCareful: Bool
  private static let carefulStep = 4096
  private var body: (any ItemReader)?
  private var window: ByteWindow?
  /// Shown each record as it was cut out of the file, before it is decoded: for whoever must know what it dies of.
  public var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)?
  /// Unpacks pages of web archives that are packed; nil: they are set aside.
  public var unpackBody: PackedBody.Unpacker?

  /// - Parameters:
  ///   - source: the file's bytes; zstd is unpacked here, other compressions must have been by their command.
  ///   - resumeAt: a `position` of an earlier reader of the same file; exactly the items after it follow.
  ///   - careful: nothing is read ahead, so that a death while reading is close to the record it is laid to.
  public init(
    source: any ByteSource, format: FileFormat, settings: ReadSettings, options: SourceOptions,
    resumeAt: ReadPosition = .start, careful: Bool = false
  ) {
    isCareful = careful
    self.source = format.compression == .zstd ? ZstdSource(source, settings: settings) : source
    self.format = format
    self.settings = settings
    self.options = options
    start = resumeAt
  }

  /// After the last item returned; the start before any.
  public var position: ReadPosition { body?.position ?? start }

  /// The next item, nil at the end. A file with nothing in it throws "empty".
  public func next() throws(ReadFailure) -> ReadItem? {
    let reader = try opened()
    let item = try reader.next()
    if item == nil && reader.position.record == 0 {
      throw format.kind == .webArchive && reader.position.line > 0 ? DocumentReader.noPage : DocumentReader.nothing
    }
    return item
  }

  /// Passes over the next record without decoding it; the item is a bad line with this reason. Of a file that is one
  /// document nothing is left: "poison" is thrown.
  public func skip(_ reason: String) throws(ReadFailure) -> ReadItem? { try opened().skip(reason) }

  /// Reads on as far as a careful reader at this record could have read; what comes is not looked at.
  public func readAhead() {
    for _ in 0..<2 { _ = window?.more() }
  }

  private func opened() throws(ReadFailure) -> any ItemReader {
    if let body { return body }
    let reader = try open()
    reader.beforeDecoding = beforeDecoding
    return reader
  }

  private static let nothing = ReadFailure(
    "empty", "the file is empty", offset: 0, remedy: "nothing to do, or copy it again")

  private static let noPage = ReadFailure(
    "empty", "the archive holds no page and no text", offset: 0,
    remedy: "nothing to do: pictures, redirections and errors are no documents")

  private func open() throws(ReadFailure) -> any ItemReader {
    let window = ByteWindow(source)
    let reader: any ItemReader
    switch format.kind {
    case .jsonLines, .json: reader = try openRecords(window)
    case .webArchive:
      if isCareful { window.step = DocumentReader.carefulStep }
      window.skip(start.offset, exactly: isCareful)
      _ = window.more()
      if start.offset == 0 && window.bytes.isEmpty && window.failure == nil { throw DocumentReader.nothing }
      self.window = window
      let archive = WARCReader(window, settings, options, from: start)
      archive.unpackBody = unpackBody
      reader = archive
    default:
      _ = window.more()
      if window.bytes.isEmpty && window.failure == nil { throw DocumentReader.nothing }
      reader = WholeFileReader(window, format.kind, settings, options, from: start)
    }
    body = reader
    return reader
  }

  private func openRecords(_ first: ByteWindow) throws(ReadFailure) -> any ItemReader {
    first.fill(DocumentReader.sampleBytes)
    if first.bytes.isEmpty {
      if let failure = first.failure { throw failure }
      throw DocumentReader.nothing
    }
    let finding = try encoding(of: first.bytes)
    if start.offset == 0 { first.take(finding.mark) }
    var window = first
    if finding.encoding.unit > 1 || (format.kind == .json && finding.encoding != .utf8) {
      if start.offset > 0 { first.take(finding.mark) }
      window = ByteWindow(try ConvertingSource(RejoinedSource(first), finding.encoding))
    }
    window.skip(start.offset - window.offset, exactly: isCareful)
    if isCareful { window.step = DocumentReader.carefulStep }
    self.window = window
    if format.kind == .json { return JSONReader(window, finding.encoding, settings, options, from: start) }
    return JSONLinesReader(window, finding.encoding, settings, options, from: start)
  }

  private func encoding(of sample: UnsafeBufferPointer<UInt8>) throws(ReadFailure) -> EncodingDetector.Finding {
    if let marked = EncodingDetector.byteOrderMark(sample) { return marked }
    if let given = TextEncoding(label: options.encoding) { return EncodingDetector.Finding(encoding: given, mark: 0) }
    if let found = EncodingDetector.detect(sample) {
      // Records are lines of JSON whose strings may hold anything: marks in them mean nothing.
      return found.encoding.isSevenBit ? EncodingDetector.Finding(encoding: .utf8, mark: 0) : found
    }
    throw ReadFailure(
      "binary", "the file holds no text", offset: 0, remedy: "give it the right extension, or a converter")
  }
}
