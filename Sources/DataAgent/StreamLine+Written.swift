import Bytes
import Decoding

extension StreamLine {
  typealias Member = (key: String, value: [UInt8]?)

  /// A line with members of ours: those it had by the same names go, all others stay as they were written.
  /// - Parameter members: nil: the line is to have none of this name.
  static func written(
    _ line: UnsafeBufferPointer<UInt8>, with members: [Member]
  ) -> [UInt8] {
    // A line that is judged was read, so it is an object.
    guard let fields = try? JSONFields(line) else { return Array(line) }
    var object = MetadataObject()
    for field in fields.fields {
      let key = UnsafeBufferPointer(rebasing: line[field.key])
      if members.contains(where: { key.elementsEqual($0.key.utf8) }) { continue }
      object.add(key, UnsafeBufferPointer(rebasing: line[field.value]))
    }
    for member in members {
      if let value = member.value { object.add(member.key.utf8, value) }
    }
    return object.finish()
  }
}
