/// The rules that hold for every file, each a function from a file to its complaints.
enum StyleRules {
  static let mostLines = 500
  static let mostColumns = 120
  /// A line with a text or a rule in it, which no formatter can break.
  static let mostColumnsWithText = 140
  static let mostFunctionLines = 70

  /// Floors whose rooms see document text, where a regular expression is a hundred times too slow.
  static let noExpressions: Set = ["materials", "work"]

  static func size(_ file: Repository.SourceFile) -> [String] {
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    return count > mostLines ? ["\(file.path): \(count) lines, \(mostLines) are allowed; split it by idea"] : []
  }

  static func columns(_ file: Repository.SourceFile) -> [String] {
    guard [".swift", ".c", ".h"].contains(where: file.path.hasSuffix) else { return [] }
    return file.lines.enumerated().compactMap { number, line in
      guard line.utf8.count > mostColumns else { return nil }
      let columns = line.unicodeScalars.count
      let most = line.contains("\"") ? mostColumnsWithText : mostColumns
      return columns > most ? "\(file.path):\(number + 1): \(columns) columns, \(most) are allowed" : nil
    }
  }

  static func functions(_ file: Repository.SourceFile) -> [String] {
    let found: FunctionLength
    if file.path.hasSuffix(".swift") {
      found = FunctionLength(swift: file.text)
    } else if file.path.hasSuffix(".c") {
      found = FunctionLength(c: file.text)
    } else {
      return []
    }
    return found.functions.filter { $0.length > mostFunctionLines }.map {
      "\(file.path):\($0.line): a function of \($0.length) lines, \(mostFunctionLines) are allowed"
    }
  }

  /// Calls that have a better way here, with that way.
  private static let bannedCalls: [(code: String, instead: String)] = [
    ("Process(", "Posix.Spawn: Foundation's waits 50 ms"), ("NSRegularExpression", "a scanner over bytes"),
    ("try" + "!", "throw, or say why it cannot fail with preconditionFailure"),
    ("fatal" + "Error(", "throw; a broken promise of ours is a precondition"),
    ("JSONDecoder", "Bytes.JSONParser: it accepts unknown keys"),
    ("Thread.sleep", "Posix.Wakeup"),
  ]

  /// Swift code only; `floor` is the name of the room's floor, empty for tests.
  static func banned(_ file: Repository.SourceFile, floor: String) -> [String] {
    guard file.path.hasSuffix(".swift") else { return [] }
    let source = SourceText(file.text)
    var complaints: [String] = []
    if source.imports.contains("Foundation") {
      complaints.append("\(file.path): imports Foundation; Glibc, Posix, Bytes do")
    }
    for (number, line) in source.lines.enumerated() {
      let place = "\(file.path):\(number + 1)"
      for (code, instead) in bannedCalls where line.holds(code) {
        complaints.append("\(place): '\(code)' is not used here; \(instead)")
      }
      if !floor.isEmpty, !file.path.hasSuffix("StandardStreams.swift"), line.calls("print") {
        complaints.append("\(place): 'print(' only in StandardStreams: results and talk are kept apart there")
      }
      if noExpressions.contains(floor), line.calls("Regex") || line.holds("Regex<") || line.holds("#/") {
        complaints.append("\(place): no regular expressions where documents pass; a scanner over bytes")
      }
    }
    return complaints
  }

  /// Words that say that something is unfinished, and paths of the machine it was written on.
  static func leftovers(_ file: Repository.SourceFile) -> [String] {
    let words = ["FIX" + "ME", "TO" + "DO", "XX" + "X", "/wo" + "rk/", "/tmp/br" + "ief"]
    return file.lines.enumerated().flatMap { number, line in
      words.filter { Array(line.utf8).holds($0) }.map { "\(file.path):\(number + 1): '\($0)' must not stay" }
    }
  }
}

extension [UInt8] {
  func holds(_ text: String) -> Bool { firstRange(of: Array<UInt8>(text.utf8)) != nil }

  /// The word followed by a parenthesis, and not part of a longer name nor a member of something.
  func calls(_ word: String) -> Bool {
    guard let range = firstRange(of: Array<UInt8>((word + "(").utf8)) else { return false }
    guard range.lowerBound > 0 else { return true }
    let before = self[range.lowerBound - 1]
    let isName = before == 0x5F || before == 0x2E || (before | 0x20 >= 0x61 && before | 0x20 <= 0x7A)
    return !isName && !self[..<range.lowerBound].elementsEqual(Array<UInt8>("func ".utf8))
  }
}
