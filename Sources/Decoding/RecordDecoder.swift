import Bytes
import Documents

/// One JSON object as a document: its text, the user's id, what else it says.
struct RecordDecoder {
  /// Why a record is no document.
  struct Refusal: Error {
    let reason: String
  }

  /// Where the text is: one member, or several that make it up.
  private let textPaths: [FieldPath]
  private let isJoined: Bool
  private let nestedTexts: [FieldPath]
  private let id: FieldPath
  private let renamed: [(path: FieldPath, name: [UInt8])]
  private let settings: ReadSettings
  private let options: SourceOptions
  private let dialogue: DialogueTemplate
  private let finish: TextFinish

  init(settings: ReadSettings, options: SourceOptions) {
    isJoined = !options.textFields.isEmpty
    let one = options.textField.isEmpty ? settings.textField : options.textField
    textPaths = (isJoined ? options.textFields : [one]).map { FieldPath($0) }
    nestedTexts = textPaths.filter(\.isNested)
    id = FieldPath(options.idField.isEmpty ? "id" : options.idField)
    renamed = [("url", options.urlField), ("date", options.dateField)]
      .filter { !$0.1.isEmpty && $0.0 != $0.1 }
      .map { (FieldPath($0.1), Array($0.0.utf8)) }
    self.settings = settings
    self.options = options
    dialogue = DialogueTemplate(settings)
    finish = TextFinish(settings)
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
      return document
    } catch {
      throw Refusal(reason: error.offset > 0 ? "\(error.reason) (byte \(error.offset))" : error.reason)
    }
  }

  /// Sets the text; returns the keys it was made of.
  private func readText(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>, into document: inout RawDocument
  ) throws(JSONError) -> [[UInt8]] {
    if let (text, keys) = try plainText(object, line) {
      setText(text, &document)
      return keys
    }
    guard let (text, keys) = try dialogue.text(object, line) else {
      let name = textPaths.map { "'\(String(decoding: $0.key, as: UTF8.self))'" }.joined(separator: ", ")
      throw JSONError(
        offset: 0, reason: "no \(name), no messages, no prompt with response; set text_field in .source.json5")
    }
    setText(text, &document)
    document.channel = "instruct"
    document.genre = "dialogue"
    return keys
  }

  private func setText(_ text: [UInt8], _ document: inout RawDocument) {
    let finished = finish.finish(text)
    document.text = finished.text
    document.flags = finished.flags
  }

  /// The text of the members that hold it; nil when none of them is there.
  private func plainText(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> (text: [UInt8], keys: [[UInt8]])? {
    var texts: [[UInt8]] = []
    for path in textPaths {
      if let text = try path.text(object, in: line) {
        if !isJoined || !text.isEmpty { texts.append(text) }
      } else if !isJoined, try path.value(object, in: line) != nil {
        throw JSONError(offset: 0, reason: "'\(String(decoding: path.key, as: UTF8.self))' is not a text")
      }
    }
    if texts.isEmpty { return nil }
    return (Array(texts.joined(separator: [0x0A, 0x0A])), textPaths.map(\.key))
  }

  private static let channelKey = Array("channel".utf8)
  private static let genreKey = Array("genre".utf8)

  private func readRest(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>, _ used: [[UInt8]], into document: inout RawDocument
  ) throws(JSONError) {
    if let value = try id.value(object, in: line) { document.userID = Array(line[value]) }
    if let channel = try word(object, RecordDecoder.channelKey, line) ?? given(options.channel) {
      document.channel = channel
    }
    if let genre = try word(object, RecordDecoder.genreKey, line) ?? given(options.genre) { document.genre = genre }
    document.metadata = try metadata(object, line, used + (id.isNested ? [] : [id.key]))
  }

  /// The members that nothing was made of, as written, under the names that the folder gives them.
  private func metadata(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>, _ used: [[UInt8]]
  ) throws(JSONError) -> [UInt8] {
    var members = MetadataObject()
    for (path, name) in renamed {
      if let value = try path.value(object, in: line) { members.add(name, UnsafeBufferPointer(rebasing: line[value])) }
    }
    let passedOver = used + renamed.flatMap { $0.path.isNested ? [$0.name] : [$0.name, $0.path.key] }
    for field in object.fields {
      let key = line[field.key]
      if passedOver.contains(where: { key.elementsEqual($0) }) { continue }
      let value = UnsafeBufferPointer(rebasing: line[field.value])
      if nestedTexts.isEmpty {
        members.add(UnsafeBufferPointer(rebasing: key), value)
      } else if let rest = try rest(of: key, value, used) {
        members.add(UnsafeBufferPointer(rebasing: key), rest)
      }
    }
    return members.finish()
  }

  /// A member's value without the texts that were taken out of it; nil when nothing is left.
  private func rest(
    of key: Slice<UnsafeBufferPointer<UInt8>>, _ value: UnsafeBufferPointer<UInt8>, _ used: [[UInt8]]
  ) throws(JSONError) -> [UInt8]? {
    var rest = Array(value)
    for path in nestedTexts where used.contains(path.key) && key.elementsEqual(path.outerKey) {
      var failure: JSONError?
      let left = rest.withUnsafeBufferPointer { bytes -> [UInt8]? in
        do throws(JSONError) { return try path.removed(from: bytes) } catch {
          failure = error
          return nil
        }
      }
      if let failure { throw failure }
      guard let left else { return nil }
      rest = left
    }
    return rest
  }

  private func word(
    _ object: JSONFields, _ key: [UInt8], _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> String? {
    guard let value = object.value(key, in: line), value.count < 66 else { return nil }
    return try JSONFields.text(value, in: line).map { String(decoding: $0, as: UTF8.self) }
  }

  private func given(_ text: String) -> String? { text.isEmpty ? nil : text }
}
