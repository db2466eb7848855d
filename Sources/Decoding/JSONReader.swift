import Bytes

/// A `.json` file: one object, an array of objects, or objects one after another. Elements are cut out by brackets and
/// quotes, so a bad one is set aside alone.
final class JSONReader: ItemReader {
  private let window: ByteWindow
  private let decoder: RecordDecoder
  private let settings: ReadSettings
  private let encoding: TextEncoding
  private(set) var position: ReadPosition
  var beforeDecoding: ((UnsafeBufferPointer<UInt8>) -> Void)?

  /// - Parameter window: UTF-8; `encoding` is what it was before.
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
    passSeparators()
    if window.bytes.isEmpty {
      if let failure = window.failure { throw failure }
      return nil
    }
    var here = position
    here.offset = window.offset
    let length = try elementLength()
    let element = UnsafeBufferPointer(rebasing: window.bytes[..<length])
    let item = item(element, here, refusal)
    window.take(length)
    position = ReadPosition(offset: window.offset, record: here.record + 1, line: here.line + 1)
    return item
  }

  /// White space, the array's brackets and the commas between the elements.
  private func passSeparators() {
    while true {
      guard let byte = window.bytes.first else {
        if window.more() { continue }
        return
      }
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","): window.take(1)
      default: return
      }
    }
  }

  /// Length of the element at the front: to its closing bracket, or of a bare word to the next separator.
  private func elementLength() throws(ReadFailure) -> Int {
    var scan = ElementScan()
    while true {
      if let length = scan.end(window.bytes) { return length }
      if scan.index > settings.maxDocument {
        throw ReadFailure(
          "limit", "an element is longer than read.max_document_mb", offset: window.offset,
          remedy: "write one record a line as .jsonl, or raise the limit")
      }
      if window.more() { continue }
      if let failure = window.failure { throw failure }
      return window.bytes.count
    }
  }

  private func item(_ element: UnsafeBufferPointer<UInt8>, _ here: ReadPosition, _ refusal: String?) -> ReadItem {
    do throws(RecordDecoder.Refusal) {
      if let refusal { throw RecordDecoder.Refusal(reason: refusal) }
      beforeDecoding?(element)
      if let invalid = UTF8Text.firstInvalid(element) {
        throw RecordDecoder.Refusal(reason: "not UTF-8 at byte \(here.offset + invalid)")
      }
      return .document(try decoder.document(element, at: here, encoding: encoding.name))
    } catch {
      let bytes = Array(element.prefix(settings.badLineBytes))
      return .badLine(
        BadLine(offset: here.offset, number: here.line + 1, bytes: bytes, length: element.count, reason: error.reason))
    }
  }
}

/// Finds the end of a JSON value by counting brackets outside of strings; goes on where it stopped when more bytes
/// come.
struct ElementScan {
  private(set) var index = 0
  private var depth = 0
  private var inString = false
  private var escaped = false

  init() {}

  /// The offset after the value, or nil when the bytes end before it does.
  mutating func end(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if inString {
        if escaped { escaped = false } else if byte == 0x5C { escaped = true } else if byte == 0x22 { inString = false }
        continue
      }
      switch byte {
      case 0x22: inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return max(index - 1, 1) }
        depth -= 1
        if depth == 0 { return index }
      case UInt8(ascii: ","): if depth == 0 { return max(index - 1, 1) }
      default: break
      }
    }
    return nil
  }
}
