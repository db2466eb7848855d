/// The two ends of a line, which tell code, markup and verse apart.
struct CodeLine {
  let text: UnsafeBufferPointer<UInt8>
  /// Without white space at its ends; not empty.
  let start: Int
  let end: Int
  let indent: Int

  init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.text = text
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, text[start] <= 0x20 { start += 1 }
    while end > start, text[end - 1] <= 0x20 { end -= 1 }
    self.start = start
    self.end = end
    indent = start - range.lowerBound
  }

  private var first: UInt8 { start < end ? text[start] : 0 }
  private var last: UInt8 { start < end ? text[end - 1] : 0 }

  private func starts(_ prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard end - start >= count else { return false }
    for offset in 0..<count where text[start + offset] != prefix.utf8Start[offset] { return false }
    return true
  }

  var isFence: Bool { starts("```") || starts("~~~") }
  var startsWithHash: Bool { first == UInt8(ascii: "#") }
  var opensBlockComment: Bool { starts("/*") }

  var closesBlockComment: Bool {
    end - start >= 2 && text[end - 2] == UInt8(ascii: "*") && text[end - 1] == UInt8(ascii: "/")
  }

  /// Headings, quotes, directives and rules of Markdown, reStructuredText and POD at the margin.
  var isMarkup: Bool {
    guard indent == 0 else { return false }
    switch first {
    case UInt8(ascii: "#"): return isHeading
    case UInt8(ascii: ">"): return end - start > 1 && text[start + 1] == 0x20
    case UInt8(ascii: "="):
      return starts("=head") || starts("=item") || starts("=over") || starts("=cut") || starts("====")
    case UInt8(ascii: "."): return starts(".. ")
    case UInt8(ascii: "|"): return last == UInt8(ascii: "|") && end - start > 2
    case UInt8(ascii: "-"): return starts("---") || starts("- ")
    case UInt8(ascii: ":"): return starts(":::") || starts(":label:")
    case UInt8(ascii: "*"): return starts("* ") || starts("**")
    default: return false
    }
  }

  /// `# Title` ... `###### Title`; two or more hashes are no comment marker of any language.
  private var isHeading: Bool {
    var place = start
    while place < end, text[place] == UInt8(ascii: "#") { place += 1 }
    return place < end && text[place] == 0x20 && place - start >= 2 && place - start <= 6
  }

  /// `第` and within the next few characters `条` or `條`.
  var startsArticle: Bool {
    var place = start
    while place < end, text[place] == UInt8(ascii: "*") || text[place] == UInt8(ascii: "#") || text[place] == 0x20 {
      place += 1
    }
    guard place + 6 <= end, text[place] == 0xE7, text[place + 1] == 0xAC, text[place + 2] == 0xAC else { return false }
    var next = place + 3
    while next + 3 <= end, next < place + 27 {
      if text[next] == 0xE6 {
        let rest = UInt16(text[next + 1]) << 8 | UInt16(text[next + 2])
        if rest == 0x9DA1 || rest == 0xA29D { return true }
      }
      next += text[next] < 0x80 ? 1 : 3
    }
    return false
  }

  /// `，` `。` `；` `？` `！`
  var endsVerse: Bool {
    guard end - start >= 6 else { return false }
    let tail = UInt32(text[end - 3]) << 16 | UInt32(text[end - 2]) << 8 | UInt32(text[end - 1])
    return tail == 0xEFBC8C || tail == 0xE38082 || tail == 0xEFBC9B || tail == 0xEFBC9F || tail == 0xEFBC81
  }

  func looksLikeCode(_ tally: ByteTally) -> Bool {
    switch last {
    case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"): return true
    default: break
    }
    switch first {
    case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "{"): return true
    case UInt8(ascii: "/"): if starts("//") { return true }
    case UInt8(ascii: "#"):
      if starts("#!") || starts("#[") || starts("#include") || starts("#define") || starts("#if") { return true }
    default: break
    }
    // Formulas are full of symbols too, and so are Chinese sentences with some inline code.
    let isFormula = tally.dollars >= 2 || tally.backslashes >= 2 || tally.han * 4 >= tally.visible
    if tally.symbols * 8 >= tally.visible && tally.symbols >= 2 && !isFormula { return true }
    return tally.visible < 100 && CodeKeyword.starts(text, start, end)
  }
}

/// First words of code lines in the common languages.
enum CodeKeyword {
  private static let words: [StaticString] = [
    "def", "class", "module", "end", "if", "else", "elif", "elsif", "for", "while", "return", "import", "from", "use",
    "pub", "fn", "let", "var", "const", "func", "function", "struct", "enum", "impl", "trait", "require",
    "require_relative", "include", "raise", "rescue", "begin", "unless", "case", "when", "switch", "break", "continue",
    "package", "public", "private", "protected", "static", "void", "int", "char", "typedef", "namespace", "template",
    "using", "try", "catch", "except", "finally", "yield", "assert", "mod", "extern", "match", "async", "await", "do",
    "attr_reader", "attr_accessor", "extend", "alias", "then", "ensure", "print", "puts", "elseif", "unsafe", "where",
    "type", "export", "interface", "default", "goto", "local", "fi", "done", "esac", "echo", "autoload", "nil", "true",
    "false", "None", "pass",
  ]

  /// Whether the line's first word is a keyword that stands in a code-like place: before a space, `(`, `:` or the end.
  static func starts(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var stop = start
    while stop < end, text[stop] == 0x5F || (text[stop] | 0x20 >= 0x61 && text[stop] | 0x20 <= 0x7A) { stop += 1 }
    let length = stop - start
    guard length >= 2, length <= 16 else { return false }
    if stop < end, text[stop] != 0x20, text[stop] != UInt8(ascii: "("), text[stop] != UInt8(ascii: ":") { return false }
    return hashes.withUnsafeBufferPointer { table in
      let hash = CodeKeyword.hash(text, start, length)
      var place = Int(hash & 255)
      while table[place] != 0 {
        if table[place] == hash { return true }
        place = (place + 1) & 255
      }
      return false
    }
  }

  private static let hashes: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 256)
    for word in words {
      let hash = hash(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount), 0, word.utf8CodeUnitCount)
      var place = Int(hash & 255)
      while table[place] != 0 { place = (place + 1) & 255 }
      table[place] = hash
    }
    return table
  }()

  /// FNV-1a, never 0.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for index in start..<(start + length) { hash = (hash ^ UInt32(text[index])) &* 0x0100_0193 }
    return hash | 1
  }
}
