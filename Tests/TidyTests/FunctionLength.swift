/// How long the functions of a source file are, by counting braces in its code.
struct FunctionLength {
  struct Found: Equatable {
    /// 1-based.
    let line: Int
    let length: Int
  }

  private let code: [UInt8]
  private var line = 1
  private(set) var functions: [Found] = []

  /// Swift: whatever begins with `func` or `init`.
  init(swift text: String) {
    code = SourceText(text).code
    var index = 0
    while index < code.count {
      if code[index] == 0x0A { line += 1 }
      if startsWord(index, "func") || startsWord(index, "init"), let body = body(from: index) {
        let length = code[index..<min(closing(body), code.count)].count { $0 == 0x0A } + 1
        functions.append(Found(line: line, length: length))
      }
      index += 1
    }
  }

  /// C: a block at the outermost level that follows a parameter list.
  init(c text: String) {
    code = SourceText(text).code
    var last: UInt8 = 0
    var index = 0
    while index < code.count {
      let byte = code[index]
      if byte == UInt8(ascii: "{") {
        let end = min(closing(index), code.count)
        let length = code[index..<end].count { $0 == 0x0A } + 1
        if last == UInt8(ascii: ")") { functions.append(Found(line: line, length: length)) }
        line += length - 1
        index = end
      }
      if byte == 0x0A { line += 1 }
      if byte > 0x20 { last = byte }
      index += 1
    }
  }

  private func startsWord(_ index: Int, _ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard index + bytes.count < code.count, code[index..<(index + bytes.count)].elementsEqual(bytes) else {
      return false
    }
    // A call such as `.init(` or `self.init(` declares nothing.
    let before = index == 0 ? 0x0A : code[index - 1]
    return before <= 0x20 && !FunctionLength.isName(code[index + bytes.count])
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte == 0x5F || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  /// The brace that opens the body; nil for a requirement of a protocol, which has none.
  private func body(from start: Int) -> Int? {
    var depth = 0
    var index = start
    while index < code.count {
      switch code[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return index
      case UInt8(ascii: "}") where depth == 0: return nil
      case 0x0A where depth == 0 && !goesOn(index + 1): return nil
      default: break
      }
      if depth < 0 { return nil }
      index += 1
    }
    return nil
  }

  /// Whether the line at `start` goes on with a signature.
  private func goesOn(_ start: Int) -> Bool {
    let rest = code[start...].drop { $0 == 0x20 || $0 == 0x0A }
    return ["{", "->", "where", "throws", "async", "rethrows", ")", "("].contains { rest.starts(with: $0.utf8) }
  }

  private func closing(_ open: Int) -> Int {
    var depth = 0
    for index in open..<code.count {
      if code[index] == UInt8(ascii: "{") { depth += 1 }
      if code[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return code.count
  }
}
