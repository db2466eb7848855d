import Bytes

/// What a record of a web archive holds, as far as its headers tell: pages and texts are read, all else is passed over.
struct WARCRecord {
  enum Kind: Equatable {
    /// A text that was taken out of its page already (WET).
    case conversion
    /// A page as the server sent it, behind its HTTP header.
    case response
    /// A page without a header.
    case resource
    /// Archive information, requests, pictures, redirections, errors.
    case other
  }

  let header: WARCHeader
  let kind: Kind
  /// Bytes of the block behind the header.
  let blockLength: Int

  /// nil: no WARC record begins with this header.
  init?(_ header: WARCHeader) {
    guard let length = header.contentLength else { return nil }
    self.header = header
    blockLength = length
    switch header["warc-type"]?.lowercased() {
    case "conversion": kind = .conversion
    case "response": kind = header.word("content-type") == "application/http" ? .response : .other
    case "resource": kind = WARCRecord.isText(header.word("content-type")) ? .resource : .other
    default: kind = .other
    }
  }

  static func isText(_ type: String?) -> Bool { isPage(type) || type == "text/plain" || type == "text/markdown" }
  static func isPage(_ type: String?) -> Bool { type == "text/html" || type == "application/xhtml+xml" }

  /// The HTTP header of a response that is a page or a text and came whole; nil for all else.
  static func textAnswer(_ block: UnsafeBufferPointer<UInt8>) -> WARCHeader? {
    guard let http = WARCHeader.message(block), http.firstLine.starts(with: Array("HTTP/".utf8)) else { return nil }
    let status = http.firstLine.split(separator: 0x20).dropFirst().first
    guard status?.elementsEqual(Array("200".utf8)) == true, isText(http.word("content-type")) else { return nil }
    return http
  }

  /// Address, date and what the archive says of the language, as one JSON object.
  func metadata(type: String?) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    let members: [(String, String?)] = [
      ("url", header["warc-target-uri"].map(WARCRecord.withoutBrackets)), ("date", header["warc-date"]),
      ("content_type", type), ("languages", header["warc-identified-content-language"]),
    ]
    for (key, value) in members {
      guard let value, !value.isEmpty else { continue }
      writer.key(key)
      writer.value(.string(value))
    }
    writer.endObject()
    return writer.bytes
  }

  /// Some writers put the address in angle brackets, as WARC 1.0's grammar said.
  private static func withoutBrackets(_ text: String) -> String {
    text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
  }

  /// The record's own name, as JSON.
  var id: [UInt8] {
    header["warc-record-id"].map { JSONWriter.compact(.string(WARCRecord.withoutBrackets($0))) } ?? []
  }
}
