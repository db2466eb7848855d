import Bytes

/// A member of a record by its key, or `a.b` for the member `b` of the object `a`.
struct FieldPath: Sendable, Equatable {
  /// As written.
  let key: [UInt8]
  private let parts: [[UInt8]]

  init(_ text: String) {
    key = Array(text.utf8)
    parts = text.split(separator: ".").map { Array($0.utf8) }
  }

  var isNested: Bool { parts.count > 1 }

  /// The value as it stands in the line; a member with dots in its own key comes first.
  func value(_ object: JSONFields, in line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Range<Int>? {
    if let value = object.value(key, in: line) { return value }
    guard isNested, var range = object.value(parts[0], in: line) else { return nil }
    for part in parts.dropFirst() {
      guard !range.isEmpty, line[range.lowerBound] == UInt8(ascii: "{") else { return nil }
      let inner = UnsafeBufferPointer(rebasing: line[range])
      guard let found = try JSONFields(inner).value(part, in: inner) else { return nil }
      range = (range.lowerBound + found.lowerBound)..<(range.lowerBound + found.upperBound)
    }
    return range
  }

  /// An object without what this path leads to inside it: nil when nothing is left of it, unchanged where the path ends
  /// elsewhere.
  /// - Parameter object: the value of the member that the path begins with.
  func removed(from object: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [UInt8]? {
    try FieldPath.removed(parts.dropFirst(), from: object)
  }

  /// The key of the member that holds the one meant, and others beside it.
  var outerKey: [UInt8] { parts[0] }

  private static func removed(
    _ parts: ArraySlice<[UInt8]>, from object: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> [UInt8]? {
    guard let part = parts.first, object.first == UInt8(ascii: "{") else { return Array(object) }
    var rest = MetadataObject()
    for field in try JSONFields(object).fields {
      let key = object[field.key]
      let value = UnsafeBufferPointer(rebasing: object[field.value])
      if !key.elementsEqual(part) {
        rest.add(key, value)
      } else if parts.count > 1, let inner = try removed(parts.dropFirst(), from: value) {
        rest.add(key, inner)
      }
    }
    let left = rest.finish()
    return left.isEmpty ? nil : left
  }

  /// A text, or a list of texts as its lines; nil when there is no such member, or it is null or something else.
  func text(_ object: JSONFields, in line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [UInt8]? {
    guard let range = try value(object, in: line), !range.isEmpty else { return nil }
    if line[range.lowerBound] != UInt8(ascii: "[") { return try JSONFields.text(range, in: line) }
    let items = try JSONParser.parse(UnsafeBufferPointer(rebasing: line[range])).array ?? []
    let lines = items.compactMap(\.bytes)
    return lines.isEmpty || lines.count < items.count ? nil : Array(lines.joined(separator: [0x0A]))
  }
}
