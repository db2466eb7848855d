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

  /// Whether a body is packed as its header says: crawlers unpack and leave the header. gzip and zstd are known by
  /// their first bytes; zlib and brotli have none of their own, control bytes tell.
  static func isPacked(_ bytes: [UInt8], as packing: String) -> Bool {
    switch packing {
    case "identity", "": return false
    case "gzip", "x-gzip": return bytes.starts(with: [0x1F, 0x8B])
    case "zstd": return bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    default:
      // Every ninth byte of a packed page is such a control byte; in text there is none, but for escapes of encodings.
      let head = bytes.prefix(512)
      return head.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x1B } * 40 > head.count
    }
  }
}
