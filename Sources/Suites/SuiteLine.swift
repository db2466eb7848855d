import Bytes
import Settings

/// One line of a suite: a JSON object whose keys are all known.
struct SuiteLine {
  let file: String
  /// 1-based.
  let number: Int
  private let members: [JSONMember]

  init(_ bytes: ArraySlice<UInt8>, file: String, number: Int) throws(SuiteError) {
    self.file = file
    self.number = number
    if let offset = UTF8Text.firstInvalid(Array(bytes)) {
      throw SuiteError(
        file: file, line: number, reason: "byte \(offset) of the line is not UTF-8", remedy: "save the file as UTF-8")
    }
    do throws(JSONError) {
      guard let members = try JSONParser.parse(Array(bytes)).members else {
        throw JSONError(offset: 0, reason: "a JSON object is expected")
      }
      self.members = members
    } catch {
      throw SuiteError(
        file: file, line: number, reason: "not a JSON object: \(error)", remedy: "write one JSON object on each line")
    }
  }

  func error(_ reason: String, _ remedy: String) -> SuiteError {
    SuiteError(file: file, line: number, reason: reason, remedy: remedy)
  }

  /// Refuses unknown and repeated keys: a misspelt key would change the suite silently.
  func checkKeys(_ known: [String]) throws(SuiteError) {
    var seen: Set<[UInt8]> = []
    for member in members {
      if !known.contains(member.name) {
        let hint = Nearest.name(to: member.name, among: known).map { "did you mean '\($0)'?" }
        throw error("unknown key '\(member.name)'", hint ?? "known keys: " + known.joined(separator: ", "))
      }
      if !seen.insert(member.key).inserted {
        throw error("the key '\(member.name)' is given twice", "keep one of them")
      }
    }
  }

  func has(_ key: String) -> Bool { value(key) != nil }

  func value(_ key: String) -> JSONValue? {
    let wanted = Array(key.utf8)
    return members.first { $0.key == wanted }?.value
  }

  /// A text that must be there and must not be empty.
  func text(_ key: String) throws(SuiteError) -> [UInt8] {
    guard let value = value(key) else { throw error("'\(key)' is missing", "add \"\(key)\": \"...\"") }
    guard let text = value.bytes else { throw error("'\(key)' is not a text", "put it in quotes") }
    guard text.contains(where: { $0 > 0x20 }) else {
      throw error("'\(key)' is empty", "give it a text or remove the line")
    }
    return text
  }

  /// A short name (channel, group); empty when absent.
  func label(_ key: String) throws(SuiteError) -> String {
    guard let value = value(key), !value.isNull else { return "" }
    guard let text = value.string else { throw error("'\(key)' is not a text", "put it in quotes") }
    return text
  }

  /// `id` as text or whole number; the line's number when absent.
  func identifier() throws(SuiteError) -> String {
    guard let value = value("id"), !value.isNull else { return String(number) }
    if let text = value.string, !text.isEmpty { return text }
    if let number = value.integer { return String(number) }
    throw error("'id' is neither a text nor a whole number", "write it as \"id\": \"...\"")
  }
}

extension SuiteLine {
  /// The non-blank lines of a file, each read by `item`; ids must be unique and at least one item must be there.
  static func readAll<Item>(
    _ bytes: [UInt8], file: String, id: (Item) -> String, item: (SuiteLine) throws(SuiteError) -> Item
  ) throws(SuiteError) -> [Item] {
    var items: [Item] = []
    var lineOfID: [String: Int] = [:]
    var number = 0
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    for raw in body.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if !raw.contains(where: { $0 > 0x20 }) { continue }
      let line = try SuiteLine(raw, file: file, number: number)
      let read = try item(line)
      if let earlier = lineOfID.updateValue(number, forKey: id(read)) {
        throw line.error(
          "the id '\(id(read))' is on line \(earlier) already", "give every item its own id, or none an id")
      }
      items.append(read)
    }
    if items.isEmpty {
      throw SuiteError(file: file, reason: "there is no item", remedy: "write one JSON object on each line")
    }
    return items
  }
}
