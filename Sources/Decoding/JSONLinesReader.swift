import Bytes

/// Gives the items of one kind of file, in order.
protocol ItemReader: AnyObject {
  func next() throws(ReadFailure) -> ReadItem?
  /// Passes over the next record without decoding it; a bad line tells the reason. nil at the end.
  func skip(_ reason: String) throws(ReadFailure) -> ReadItem?
  var position: ReadPosition { get }
  /// Shown each record as it was cut out of the file, before it is decoded.
  var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)? { get set }
}

/// A record a line, split on LF only: texts hold U+2028, U+0085 and form feeds.
final class JSONLinesReader: ItemReader {
  private let window: ByteWindow
  private let decoder: RecordDecoder
  private let settings: ReadSettings
  /// Of lines that are not UTF-8.
  private let encoding: TextEncoding
  private(set) var position: ReadPosition
  var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)?

  init(
    _ window: ByteWindow, _ encoding: TextEncoding, _ settings: ReadSettings, _ options: SourceOptions,
    from position: ReadPosition
  ) {
    self.window = window
    self.encoding = encoding
    self.settings = settings
    decoder = RecordDecoder(settings: settings, options: options)
    self.position = position
  }

  func next() throws(ReadFailure) -> ReadItem? { try next(unless: nil) }
  func skip(_ reason: String) throws(ReadFailure) -> ReadItem? { try next(unless: reason) }

  private func next(unless refusal: String?) throws(ReadFailure) -> ReadItem? {
    while true {
      var here = position
      here.offset = window.offset
      switch window.line(longest: settings.maxLine, head: settings.badLineBytes) {
      case .end:
        if let failure = window.failure { throw failure }
        return nil
      case .tooLong(let head, let length):
        let reason = "the line is longer than read.max_line_mb (\(settings.maxLineMegabytes) MiB)"
        advance(isRecord: true)
        return .badLine(
          BadLine(offset: here.offset, number: here.line + 1, bytes: head, length: length, reason: reason))
      case .whole(let line):
        let isRecord = !JSONLinesReader.isBlank(line)
        advance(isRecord: isRecord)
        if isRecord { return try item(line, here, refusal) }
      }
    }
  }

  private func advance(isRecord: Bool) {
    position.offset = window.offset
    position.line += 1
    if isRecord { position.record += 1 }
  }

  private func item(
    _ line: UnsafeBufferPointer<UInt8>, _ here: ReadPosition, _ refusal: String?
  ) throws(ReadFailure) -> ReadItem {
    do throws(RecordDecoder.Refusal) {
      if let refusal { throw RecordDecoder.Refusal(reason: refusal) }
      beforeDecoding?(line)
      if UTF8Text.firstInvalid(line) == nil {
        return .document(try decoder.document(line, at: here, encoding: "utf-8"))
      }
      return try converted(line, here)
    } catch {
      let bytes = Array(line.prefix(settings.badLineBytes))
      return .badLine(
        BadLine(offset: here.offset, number: here.line + 1, bytes: bytes, length: line.count, reason: error.reason))
    }
  }

  private func converted(_ line: UnsafeBufferPointer<UInt8>, _ here: ReadPosition) throws(RecordDecoder.Refusal)
    -> ReadItem
  {
    guard let decoded = try? TextDecoder.convert(Array(line), from: encoding) else {
      throw RecordDecoder.Refusal(reason: "the line is not UTF-8 and no encoding fits")
    }
    let result: Result<RawDocument, RecordDecoder.Refusal> = decoded.text.withUnsafeBufferPointer { text in
      Result { () throws(RecordDecoder.Refusal) in try decoder.document(text, at: here, encoding: decoded.encoding.name)
      }
    }
    var document = try result.get()
    document.flags.formUnion(decoded.flags)
    return .document(document)
  }

  private static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = line.first else { return true }
    return first <= 0x20 && line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
}
