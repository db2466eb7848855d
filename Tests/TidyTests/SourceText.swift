/// Swift or C source with comments and texts blanked out, so that only code is judged; lines stay where they are.
struct SourceText {
  private(set) var code: [UInt8]

  init(_ text: String) {
    code = Array(text.utf8)
    var index = 0
    while index < code.count {
      switch (code[index], index + 1 < code.count ? code[index + 1] : 0) {
      case (0x2F, 0x2F): blank(&index) { $0[$1] == 0x0A }
      case (0x2F, 0x2A): blankBlockComment(&index)
      case (0x23, 0x22): blankRawText(&index)
      case (0x22, _): blankText(&index)
      case (0x27, _) where index + 2 < code.count: blankCharacter(&index)
      default: index += 1
      }
    }
  }

  private mutating func blank(_ index: inout Int, until end: ([UInt8], Int) -> Bool) {
    while index < code.count, !end(code, index) { erase(&index) }
  }

  private mutating func erase(_ index: inout Int) {
    if code[index] != 0x0A { code[index] = 0x20 }
    index += 1
  }

  private mutating func blankBlockComment(_ index: inout Int) {
    blank(&index) { $0[$1] == 0x2A && $1 + 1 < $0.count && $0[$1 + 1] == 0x2F }
    for _ in 0..<2 where index < code.count { erase(&index) }
  }

  private mutating func blankRawText(_ index: inout Int) {
    for _ in 0..<2 { erase(&index) }
    blank(&index) { $0[$1] == 0x22 && $1 + 1 < $0.count && $0[$1 + 1] == 0x23 }
    for _ in 0..<2 where index < code.count { erase(&index) }
  }

  /// A C character; an apostrophe elsewhere stays.
  private mutating func blankCharacter(_ index: inout Int) {
    let length = code[index + 1] == 0x5C ? 4 : 3
    guard index + length <= code.count, code[index + length - 1] == 0x27 else {
      index += 1
      return
    }
    for _ in 0..<length { erase(&index) }
  }

  /// `"..."` and `"""..."""`, with interpolations, which may hold texts themselves.
  private mutating func blankText(_ index: inout Int) {
    let isLong = index + 2 < code.count && code[index + 1] == 0x22 && code[index + 2] == 0x22
    for _ in 0..<(isLong ? 3 : 1) { erase(&index) }
    while index < code.count {
      if code[index] == 0x5C, index + 1 < code.count {
        let opens = code[index + 1] == 0x28
        for _ in 0..<2 where index < code.count { erase(&index) }
        if opens { blankInterpolation(&index) }
      } else if code[index] == 0x22 {
        let closes = !isLong || (index + 2 < code.count && code[index + 1] == 0x22 && code[index + 2] == 0x22)
        let length = closes && isLong ? 3 : 1
        for _ in 0..<length { erase(&index) }
        if closes { return }
      } else if code[index] == 0x0A, !isLong {
        return
      } else {
        erase(&index)
      }
    }
  }

  private mutating func blankInterpolation(_ index: inout Int) {
    var depth = 1
    while index < code.count, depth > 0 {
      switch code[index] {
      case 0x22: blankText(&index)
      case 0x28:
        depth += 1
        erase(&index)
      case 0x29:
        depth -= 1
        erase(&index)
      default: erase(&index)
      }
    }
  }

  var lines: [[UInt8]] {
    code.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  /// The modules named after `import`, attributes and access levels left out.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
      let before = ["public", "package", "internal", "private", "fileprivate"]
      guard words[..<place].allSatisfy({ $0.hasPrefix("@") || before.contains($0) }) else { return nil }
      return words.last.map { String($0.split(separator: ".")[0]) }
    }
  }
}
