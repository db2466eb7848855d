import Bytes
import Documents
import Text

/// A web archive (WARC 1.0 and 1.1, WET): each page or text in it is a document with its address and date. Records are
/// read one after another; where one is damaged, reading goes on at the next that begins as a record does.
final class WARCReader: ItemReader {
  private let window: ByteWindow
  private let settings: ReadSettings
  private let options: SourceOptions
  private let page: PageDecoder
  /// `line` counts the archive's records, of every kind.
  private(set) var position: ReadPosition
  var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)?
  var unpackBody: PackedBody.Unpacker?
  /// How much of a record that is set aside is kept: its headers.
  private static let shownBytes = 512

  init(_ window: ByteWindow, _ settings: ReadSettings, _ options: SourceOptions, from position: ReadPosition) {
    self.window = window
    self.settings = settings
    self.options = options
    page = PageDecoder(settings: settings, options: options)
    self.position = position
  }

  func next() throws(ReadFailure) -> ReadItem? { try next(unless: nil) }
  func skip(_ reason: String) throws(ReadFailure) -> ReadItem? { try next(unless: reason) }

  private func next(unless refusal: String?) throws(ReadFailure) -> ReadItem? {
    while true {
      passBlankLines()
      if window.bytes.isEmpty {
        if let failure = window.failure { throw failure }
        return nil
      }
      var here = position
      here.offset = window.offset
      guard let record = record() else { return try damaged(here) }
      if let item = try item(record, here, refusal) { return item }
    }
  }

  private func passBlankLines() {
    while true {
      guard let byte = window.bytes.first else {
        if window.more() { continue }
        return
      }
      if byte != 0x0A && byte != 0x0D { return }
      window.take(1)
    }
  }

  /// The record whose header stands at the front; nil when none does.
  private func record() -> WARCRecord? {
    while true {
      switch WARCHeader.record(window.bytes) {
      case .whole(let header): return WARCRecord(header)
      case .none: return nil
      case .unfinished: if !window.more() { return nil }
      }
    }
  }

  /// nil: the record holds no text that is read.
  private func item(
    _ record: WARCRecord, _ here: ReadPosition, _ refusal: String?
  ) throws(ReadFailure) -> ReadItem? {
    if record.kind == .other || record.blockLength > settings.maxDocument {
      let head = Array(window.bytes.prefix(min(record.header.length, WARCReader.shownBytes)))
      window.take(record.header.length)
      try pass(record.blockLength, here)
      if record.kind == .other {
        position = ReadPosition(offset: window.offset, record: here.record, line: here.line + 1)
        return nil
      }
      finish(here)
      let reason = "the record is longer than read.max_document_mb (\(settings.maxDocumentMegabytes) MiB)"
      return .badLine(bad(head, here, record.header.length + record.blockLength, reason))
    }
    let length = record.header.length + record.blockLength
    window.fill(length)
    if window.bytes.count < length { throw cut(here) }
    defer { window.take(length) }
    let whole = UnsafeBufferPointer(rebasing: window.bytes[..<length])
    let block = UnsafeBufferPointer(rebasing: whole[record.header.length...])
    let http = record.kind == .response ? WARCRecord.textAnswer(block) : nil
    let isRead = record.kind != .response || http != nil
    position = ReadPosition(
      offset: here.offset + length, record: here.record + (isRead ? 1 : 0), line: here.line + 1)
    if !isRead { return nil }
    do throws(RecordDecoder.Refusal) {
      if let refusal { throw RecordDecoder.Refusal(reason: refusal) }
      beforeDecoding?(whole)
      return .document(try document(record, http, block, at: here))
    } catch {
      return .badLine(bad(Array(whole.prefix(WARCReader.shownBytes)), here, length, error.reason))
    }
  }

  private func document(
    _ record: WARCRecord, _ http: WARCHeader?, _ block: UnsafeBufferPointer<UInt8>, at here: ReadPosition
  ) throws(RecordDecoder.Refusal) -> RawDocument {
    let type = record.kind == .conversion ? "text/plain" : (http ?? record.header).word("content-type")
    var body = Array(block[(http?.length ?? 0)...])
    if http?.word("transfer-encoding") == "chunked", let joined = body.withUnsafeBufferPointer(HTTPChunks.joined) {
      body = joined
    }
    if let packing = http?.word("content-encoding"), PageDecoder.isPacked(body, as: packing) {
      body = try unpacked(PackedBody(packing: packing, bytes: body, limit: settings.maxDocument))
    }
    let said = record.kind == .conversion ? TextEncoding.utf8 : (http ?? record.header).charset
    var document = try page.document(body, isPage: WARCRecord.isPage(type), said: said, at: here)
    document.metadata = record.metadata(type: record.kind == .conversion ? nil : type)
    document.userID = record.id
    document.genre = options.genre.isEmpty ? "web" : options.genre
    if !options.channel.isEmpty { document.channel = options.channel }
    return document
  }

  private func unpacked(_ body: PackedBody) throws(RecordDecoder.Refusal) -> [UInt8] {
    do throws(PackedBody.Refusal) {
      guard let unpackBody else {
        throw PackedBody.Refusal("the page is packed (\(body.packing)); store pages unpacked, as crawlers do")
      }
      return try unpackBody(body)
    } catch {
      throw RecordDecoder.Refusal(reason: error.reason)
    }
  }

  private func finish(_ here: ReadPosition) {
    position = ReadPosition(offset: window.offset, record: here.record + 1, line: here.line + 1)
  }

  private func bad(_ bytes: [UInt8], _ here: ReadPosition, _ length: Int, _ reason: String) -> BadLine {
    BadLine(offset: here.offset, number: here.line + 1, bytes: bytes, length: length, reason: reason)
  }

  private func cut(_ here: ReadPosition) -> ReadFailure {
    window.failure
      ?? ReadFailure(
        "damaged", "the archive ends inside the record that begins at byte \(here.offset)", offset: here.offset,
        remedy: "documents before the cut were kept; copy the file again to get the rest")
  }

  /// Drops the block of a record that is not read.
  private func pass(_ length: Int, _ here: ReadPosition) throws(ReadFailure) {
    let end = window.offset + length
    window.skip(length, exactly: false)
    if window.offset < end { throw cut(here) }
  }

  /// What is no record, up to the next line that begins one.
  private func damaged(_ here: ReadPosition) throws(ReadFailure) -> ReadItem {
    window.fill(WARCReader.shownBytes)
    let head = Array(window.bytes.prefix(WARCReader.shownBytes))
    // A whole version line begins what is damaged: the search starts behind it.
    window.take(1)
    while !window.seek(Array("\nWARC/1.".utf8)), window.more() {}
    if window.isAtEnd, !window.startsWith(Array("\nWARC/1.".utf8)) {
      if let failure = window.failure { throw failure }
      window.take(window.bytes.count)
    }
    finish(here)
    return .badLine(bad(head, here, window.offset - here.offset, "no WARC record begins here"))
  }
}
