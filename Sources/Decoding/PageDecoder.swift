import Documents
import Text

/// A page or a plain text inside an archive as a document.
struct PageDecoder {
  private let options: SourceOptions
  private let settings: ReadSettings
  private let finish: TextFinish

  init(settings: ReadSettings, options: SourceOptions) {
    self.settings = settings
    self.options = options
    finish = TextFinish(settings)
  }

  /// - Parameters:
  ///   - isPage: HTML; else plain text.
  ///   - said: the encoding that a header names.
  func document(
    _ bytes: [UInt8], isPage: Bool, said: TextEncoding?, at position: ReadPosition
  ) throws(RecordDecoder.Refusal) -> RawDocument {
    let given =
      options.encoding.isEmpty ? HTMLCharset.encoding(of: bytes, said: said) : TextEncoding(label: options.encoding)
    let result: Result<TextDecoder.Decoded?, ReadFailure> = Result { () throws(ReadFailure) in
      try TextDecoder.decode(bytes, as: given)
    }
    let decoded: TextDecoder.Decoded?
    do throws(ReadFailure) { decoded = try result.get() } catch { throw RecordDecoder.Refusal(reason: error.message) }
    guard let decoded else { throw RecordDecoder.Refusal(reason: "no text is in it") }
    let finished = finish.finish(isPage ? HTMLText.markdown(decoded.text) : decoded.text)
    if finished.text.count < settings.minDocumentBytes {
      throw RecordDecoder.Refusal(reason: "nothing readable is in it")
    }
    var document = RawDocument(text: finished.text, at: position, encoding: decoded.encoding.name)
    document.flags = decoded.flags.union(finished.flags)
    return document
  }

  /// gzip, zlib, zstd or brotli cannot be told from text by their header alone; control bytes tell.
  static func isPacked(_ bytes: [UInt8]) -> Bool {
    let head = bytes.prefix(512)
    return head.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } * 20 > head.count
  }
}
