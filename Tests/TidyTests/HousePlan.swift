/// The house as Package.swift draws it: floors from the bottom up, the rooms on each, and what each room is given.
struct HousePlan {
  static let floors = ["bedrock", "ground", "materials", "work", "houses", "door"]

  private(set) var floorOf: [String: Int] = [:]
  private(set) var given: [String: [String]] = [:]

  var rooms: [String] { floorOf.keys.sorted() }

  /// Reads `let <floor>: [Target] = [ ... ]` and the names inside. `room("X", [...])` and `name: "X", dependencies:
  /// ...`
  /// both begin with the room's name and go on with what it is given.
  init(manifest: String) {
    let bytes = Array(manifest.utf8)
    for (level, floor) in HousePlan.floors.enumerated() {
      guard let start = bytes.firstRange(of: Array("let \(floor): [Target] = [".utf8)) else { continue }
      let end = HousePlan.closing(bytes, from: start.upperBound - 1)
      readFloor(Array(bytes[start.upperBound..<end]), level)
    }
  }

  private mutating func readFloor(_ bytes: [UInt8], _ level: Int) {
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "(") else {
        index += 1
        continue
      }
      let end = HousePlan.closing(bytes, from: index)
      let texts = HousePlan.quoted(HousePlan.withoutSettings(Array(bytes[index..<end])))
      if let name = texts.first {
        floorOf[name] = level
        given[name] = Array(texts.dropFirst())
      }
      index = end + 1
    }
  }

  /// Settings and packages are no rooms.
  private static func withoutSettings(_ bytes: [UInt8]) -> [UInt8] {
    let marks = ["exclude:", "cSettings:", "swiftSettings:", "pkgConfig:", "providers:"].map { Array($0.utf8) }
    let ends = marks.compactMap { bytes.firstRange(of: $0)?.lowerBound }
    return Array(bytes[..<(ends.min() ?? bytes.count)])
  }

  private static func quoted(_ bytes: [UInt8]) -> [String] {
    let parts = bytes.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String(decoding: $0.element, as: UTF8.self) }
  }

  /// Index of the bracket that closes the one at `from`.
  private static func closing(_ bytes: [UInt8], from: Int) -> Int {
    var depth = 0
    for index in from..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return bytes.count
  }

  /// Rooms that are given something of their own floor or above.
  var upwardArrows: [String] {
    rooms.flatMap { room in
      given[room, default: []].compactMap { other in
        guard let theirs = floorOf[other] else { return "\(room) is given \(other), which is no room" }
        return theirs < floorOf[room]! ? nil : "\(room) is given \(other), which is not on a lower floor"
      }
    }
  }

  /// What a source file of `room` imports and must not.
  func importComplaints(_ file: Repository.SourceFile) -> [String] {
    guard let floor = floorOf[file.room] else { return ["\(file.path): \(file.room) is no room of Package.swift"] }
    return SourceText(file.text).imports.compactMap { name in
      if let theirs = floorOf[name] {
        if theirs >= floor { return "\(file.path): imports \(name), which is not on a lower floor" }
        return given[file.room, default: []].contains(name)
          ? nil : "\(file.path): imports \(name), which Package.swift does not give to \(file.room)"
      }
      return HousePlan.system.contains(name) ? nil : "\(file.path): imports \(name), which nobody here may"
    }
  }

  /// FoundationEssentials where it suffices, never Foundation.
  static let system: Set = ["Glibc", "Dispatch", "Synchronization", "FoundationEssentials"]
}

extension Array where Element: Equatable {
  func firstRange(of pattern: [Element]) -> Range<Int>? {
    guard !pattern.isEmpty, count >= pattern.count else { return nil }
    for start in 0...(count - pattern.count) where self[start] == pattern[0] {
      if self[start..<(start + pattern.count)].elementsEqual(pattern) { return start..<(start + pattern.count) }
    }
    return nil
  }
}
