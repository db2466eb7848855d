import Documents
import Text

/// A file that is one document: plain text, Markdown, HTML, a manual page, source code.
final class WholeFileReader: ItemReader {
  private let window: ByteWindow
  private let kind: FileFormat.Kind
  private let settings: ReadSettings
  private let options: SourceOptions
  private(set) var position: ReadPosition
  var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)?

  init(
    _ window: ByteWindow, _ kind: FileFormat.Kind, _ settings: ReadSettings, _ options: SourceOptions,
    from position: ReadPosition
  ) {
    self.window = window
    self.kind = kind
    self.settings = settings
    self.options = options
    self.position = position
  }

  func next() throws(ReadFailure) -> ReadItem? {
    if position.record > 0 { return nil }
    window.fill(settings.maxDocument + 1)
    if window.bytes.count > settings.maxDocument {
      throw ReadFailure(
        "limit", "the file is longer than read.max_document_mb (\(settings.maxDocumentMegabytes) MiB)",
        offset: settings.maxDocument,
        remedy: "split it into documents, or raise the limit")
    }
    if let failure = window.failure { throw failure }
    beforeDecoding?(window.bytes)
    let document = try decode(Array(window.bytes))
    window.take(window.bytes.count)
    position = ReadPosition(offset: window.offset, record: 1, line: 1)
    return .document(document)
  }

  /// The file is its only record: without that nothing is left.
  func skip(_ reason: String) throws(ReadFailure) -> ReadItem? {
    if position.record > 0 { return nil }
    throw ReadFailure.poison(reason, offset: 0)
  }

  private func decode(_ bytes: [UInt8]) throws(ReadFailure) -> RawDocument {
    guard let decoded = try TextDecoder.decode(bytes, as: declaredEncoding(bytes)) else {
      throw ReadFailure(
        "binary", "the file holds no text", offset: 0, remedy: "give it the right extension, or a converter")
    }
    let (text, flags) = TextFinish(settings).finish(readable(decoded.text))
    if text.isEmpty {
      throw ReadFailure(
        "empty", "nothing readable is in the file", offset: 0, remedy: "nothing to do, or copy it again")
    }
    var document = RawDocument(text: text, at: .start, encoding: decoded.encoding.name)
    document.flags = decoded.flags.union(flags)
    if case .code(let language) = kind {
      document.channel = "code"
      document.genre = "code"
      document.language = language
    }
    if kind == .troff { document.genre = "manual" }
    if !options.channel.isEmpty { document.channel = options.channel }
    if !options.genre.isEmpty { document.genre = options.genre }
    return document
  }

  /// The folder's encoding, or what an HTML page says of itself when its bytes do not contradict.
  private func declaredEncoding(_ bytes: [UInt8]) -> TextEncoding? {
    if !options.encoding.isEmpty { return TextEncoding(label: options.encoding) }
    return kind == .html ? HTMLCharset.encoding(of: bytes) : nil
  }

  private func readable(_ text: [UInt8]) -> [UInt8] {
    switch kind {
    case .html: HTMLText.markdown(text)
    case .troff: Troff.text(text)
    default: text
    }
  }
}
