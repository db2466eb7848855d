import Bytes
import Documents
import Text

/// One JSON object as a document: its text, the user's id, what else it says.
struct RecordDecoder {
  /// Why a record is no document.
  struct Refusal: Error {
    let reason: String
  }

  private let textKey: [UInt8]
  private let settings: ReadSettings
  private let options: SourceOptions

  init(settings: ReadSettings, options: SourceOptions) {
    textKey = Array((options.textField.isEmpty ? settings.textField : options.textField).utf8)
    self.settings = settings
    self.options = options
  }

  /// - Parameter line: UTF-8, one JSON object.
  func document(
    _ line: UnsafeBufferPointer<UInt8>, at position: ReadPosition, encoding: String
  ) throws(Refusal) -> RawDocument {
    do throws(JSONError) {
      let object = try JSONFields(line)
      var document = RawDocument(text: [], at: position, encoding: encoding)
      let used = try readText(object, line, into: &document)
      if document.text.count < settings.minDocumentBytes {
        throw JSONError(
          offset: 0,
          reason: document.text.isEmpty ? "the text is empty" : "the text is shorter than read.min_document_bytes")
      }
      try readRest(object, line, used, into: &document)
      if Mojibake.isIn(document.text) { document.flags.insert(.mojibake) }
      return document
    } catch {
      throw Refusal(reason: error.offset > 0 ? "\(error.reason) (byte \(error.offset))" : error.reason)
    }
  }

  /// Sets the text; returns the keys it was made of.
  private func readText(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>, into document: inout RawDocument
  ) throws(JSONError) -> [[UInt8]] {
    if let value = object.value(textKey, in: line) {
      guard let text = try JSONFields.text(value, in: line) else {
        throw JSONError(offset: 0, reason: "'\(String(decoding: textKey, as: UTF8.self))' is not a text")
      }
      document.text = Normalizer.normalize(text)
      return [textKey]
    }
    guard let (text, keys) = try DialogueTemplate.text(object, line) else {
      let key = String(decoding: textKey, as: UTF8.self)
      throw JSONError(
        offset: 0, reason: "no '\(key)', no messages, no prompt with response; set text_field in .source.json5")
    }
    document.text = Normalizer.normalize(text)
    document.channel = "instruct"
    document.genre = "dialogue"
    return keys
  }

  private static let idKey = Array("id".utf8)
  private static let channelKey = Array("channel".utf8)
  private static let genreKey = Array("genre".utf8)

  private func readRest(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>, _ used: [[UInt8]], into document: inout RawDocument
  ) throws(JSONError) {
    if let value = object.value(RecordDecoder.idKey, in: line) { document.userID = Array(line[value]) }
    if let channel = try word(object, RecordDecoder.channelKey, line) ?? given(options.channel) {
      document.channel = channel
    }
    if let genre = try word(object, RecordDecoder.genreKey, line) ?? given(options.genre) { document.genre = genre }
    for field in object.fields {
      let key = line[field.key]
      if used.contains(where: { key.elementsEqual($0) }) || key.elementsEqual(RecordDecoder.idKey) { continue }
      document.metadata.append(document.metadata.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      document.metadata.append(UInt8(ascii: "\""))
      document.metadata.append(contentsOf: UnsafeBufferPointer(rebasing: key))
      document.metadata.append(UInt8(ascii: "\""))
      document.metadata.append(UInt8(ascii: ":"))
      document.metadata.append(contentsOf: UnsafeBufferPointer(rebasing: line[field.value]))
    }
    if !document.metadata.isEmpty { document.metadata.append(UInt8(ascii: "}")) }
  }

  private func word(
    _ object: JSONFields, _ key: [UInt8], _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> String? {
    guard let value = object.value(key, in: line), value.count < 66 else { return nil }
    return try JSONFields.text(value, in: line).map { String(decoding: $0, as: UTF8.self) }
  }

  private func given(_ text: String) -> String? { text.isEmpty ? nil : text }
}
