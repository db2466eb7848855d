import Bytes

/// A manual page as text: the macros of man(7), the commonest of mdoc(7), tables by tab; fonts and layout go.
public enum Troff {
  /// - Parameter page: UTF-8; a text without a single request comes back as it is.
  public static func text(_ page: [UInt8]) -> [UInt8] {
    joined(page).withUnsafeBufferPointer { bytes in
      var reader = TroffReader(bytes)
      if !reader.isTroff { return page }
      let text = reader.read()
      // An escape may name half a character in a damaged page.
      if UTF8Text.firstInvalid(text) == nil { return text }
      var repaired: [UInt8] = []
      text.withUnsafeBufferPointer { TextDecoder.repair($0, into: &repaired) }
      return repaired
    }
  }
}

extension Troff {
  /// Lines that end in a lone backslash go on in the next one.
  private static func joined(_ page: [UInt8]) -> [UInt8] {
    var joined: [UInt8] = []
    joined.reserveCapacity(page.count)
    var backslashes = 0
    for byte in page {
      if byte == 0x0A && backslashes & 1 == 1 {
        joined.removeLast()
      } else {
        joined.append(byte)
      }
      backslashes = byte == UInt8(ascii: "\\") ? backslashes + 1 : 0
    }
    return joined
  }
}

struct TroffReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  var out: [UInt8] = []
  /// Lines are kept as they stand (.nf) instead of being filled to paragraphs.
  private var isLiteral = false
  var table = TroffTable.none
  /// The last `.ie` was taken, so its `.el` is not.
  private var tookCondition = false
  /// The next text line is the tag of an item.
  private var awaitsTag = false
  var needsBreak = true
  /// Conditional blocks \{ ... \} being passed over.
  private var passedDepth = 0
  private var definition: [UInt8] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// A request among the first lines.
  var isTroff: Bool {
    var seen = 0
    for line in lines where seen < 200 {
      seen += 1
      if line.count > 2, bytes[line.lowerBound] == UInt8(ascii: ".") || bytes[line.lowerBound] == UInt8(ascii: "'") {
        return true
      }
    }
    return false
  }

  private var lines: [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in 0..<bytes.count where bytes[index] == 0x0A {
      lines.append(start..<index)
      start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }

  mutating func read() -> [UInt8] {
    out.reserveCapacity(bytes.count)
    for range in lines {
      let line = UnsafeBufferPointer(rebasing: bytes[range])
      if passes(line) { continue }
      if let first = line.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "'") {
        request(line)
      } else {
        text(line)
      }
    }
    return out
  }

  /// Inside a macro definition or an untaken conditional.
  private mutating func passes(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    if !definition.isEmpty {
      if line.count >= 2, line[0] == UInt8(ascii: "."), line[1...].elementsEqual(definition) { definition = [] }
      return true
    }
    if passedDepth == 0 { return false }
    passedDepth += TroffReader.balance(line)
    passedDepth = max(passedDepth, 0)
    return true
  }

  /// `\{` minus `\}`.
  private static func balance(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var balance = 0
    for index in line.indices.dropFirst() where line[index - 1] == UInt8(ascii: "\\") {
      if line[index] == UInt8(ascii: "{") { balance += 1 } else if line[index] == UInt8(ascii: "}") { balance -= 1 }
    }
    return balance
  }

  private mutating func request(_ line: UnsafeBufferPointer<UInt8>) {
    request(TroffWords.split(line), line)
  }

  private mutating func request(_ words: [[UInt8]], _ line: UnsafeBufferPointer<UInt8>) {
    guard let name = words.first, !name.isEmpty else { return }
    let rest = words.dropFirst()
    switch String(decoding: name, as: UTF8.self) {
    case "TH", "Dt": title(rest)
    case "SH", "Sh": heading("## ", rest)
    case "SS", "Ss": heading("### ", rest)
    case "PP", "P", "LP", "Pp", "sp", "HP", "RS", "RE", "bp", "Bl", "El": paragraph()
    case "br": breakLine()
    case "TP", "TQ":
      paragraph()
      awaitsTag = true
    case "IP", "It": item(rest)
    case "nf", "EX", "Bd", "DS", "Vb", "CS":
      paragraph()
      isLiteral = true
    case "fi", "EE", "Ed", "DE", "Ve", "CE":
      isLiteral = false
      paragraph()
    case "TS":
      paragraph()
      table = .format
    case "T&": if table != .none { table = .format }
    case "TE":
      table = .none
      paragraph()
    case "B", "I", "SM", "SB", "Nm", "Fl", "Ar", "Pa", "Em", "Sy", "Xr", "Op", "Cm", "Ic", "Nd", "Dv", "Ev", "Va", "Ft",
      "Fn", "Li",
      "UR", "MT", "Dq", "Ql", "Sq", "Pq", "Cd", "Fa", "Er", "An", "Lk", "Mt", "Tn", "Ux", "Bx":
      write(Array(rest.joined(separator: [0x20])))
    case "BR", "BI", "RB", "RI", "IR", "IB": write(Array(rest.joined()))
    case "de", "de1", "am", "ig":
      definition = rest.dropFirst().first ?? [UInt8(ascii: ".")]
    case "ie", "if": condition(rest, line, isPair: name.count == 2 && name[1] == UInt8(ascii: "e"))
    case "el": branch(rest, line, isTaken: !tookCondition)
    case "while": passedDepth = max(TroffReader.balance(line), 0)
    default: break
    }
  }

  /// `n` (output for a terminal) is true; what depends on registers and strings is taken as false.
  private mutating func condition(_ words: ArraySlice<[UInt8]>, _ line: UnsafeBufferPointer<UInt8>, isPair: Bool) {
    let isTaken = words.first == [UInt8(ascii: "n")]
    if isPair { tookCondition = isTaken }
    branch(words.dropFirst(), line, isTaken: isTaken)
  }

  /// What follows a condition: one request on the same line, or a block, whose lines are read or passed over.
  private mutating func branch(_ words: ArraySlice<[UInt8]>, _ line: UnsafeBufferPointer<UInt8>, isTaken: Bool) {
    if !isTaken {
      passedDepth = max(TroffReader.balance(line), 0)
    } else if let first = words.first, first.count > 1, first[0] == UInt8(ascii: ".") {
      request([Array(first.dropFirst())] + words.dropFirst(), line)
    }
  }

  private mutating func text(_ line: UnsafeBufferPointer<UInt8>) {
    if table != .none { return tableLine(line) }
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return paragraph() }
    if line.first == 0x20, !isLiteral { breakLine() }
    write(TroffEscapes.plain(line))
  }

  private mutating func title(_ words: ArraySlice<[UInt8]>) {
    guard let name = words.first else { return }
    paragraph()
    out += Array("# ".utf8) + name
    if let section = words.dropFirst().first { out += [UInt8(ascii: "(")] + section + [UInt8(ascii: ")")] }
    needsBreak = false
    paragraph()
  }

  private mutating func heading(_ mark: String, _ words: ArraySlice<[UInt8]>) {
    isLiteral = false
    awaitsTag = false
    paragraph()
    out += Array(mark.utf8) + Array(words.joined(separator: [0x20]))
    needsBreak = false
    paragraph()
  }

  private mutating func item(_ words: ArraySlice<[UInt8]>) {
    paragraph()
    guard let tag = words.first, !tag.isEmpty else { return }
    write(tag)
    // A bullet or a number stands before its text.
    if tag.count(where: { $0 & 0xC0 != 0x80 }) > 3 { breakLine() }
  }

  mutating func write(_ words: [UInt8]) {
    if words.isEmpty { return }
    if !out.isEmpty, out.last != 0x0A { out.append(isLiteral ? 0x0A : 0x20) }
    out += words
    needsBreak = false
    if awaitsTag {
      awaitsTag = false
      breakLine()
    }
  }

  mutating func breakLine() {
    if !out.isEmpty, out.last != 0x0A { out.append(0x0A) }
  }

  mutating func paragraph() {
    breakLine()
    if !needsBreak && !out.isEmpty { out.append(0x0A) }
    needsBreak = true
  }
}
