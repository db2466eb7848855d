/// Cheap facts about a text from one pass over its bytes: what kinds of characters, what kinds of lines.
struct TextProfile {
  /// Leading bytes of Han characters, of other characters beyond ASCII, and ASCII by kind.
  private(set) var han = 0
  private(set) var wide = 0
  private(set) var letters = 0
  private(set) var visible = 0
  /// Lines with something on them, and of these outside ``` fences the ones below.
  private(set) var lines = 0
  private(set) var plainLines = 0
  private(set) var codeLines = 0
  /// Long lines of words.
  private(set) var proseLines = 0
  private(set) var markupLines = 0
  private(set) var fencedLines = 0
  /// `第…条` at the start of a line.
  private(set) var articleLines = 0
  /// Lines of at most 24 Han characters that end like verse.
  private(set) var verseLines = 0
  /// `\name` commands and `$` outside fences.
  private(set) var texCommands = 0
  private(set) var dollars = 0
  private(set) var longestHanLine = 0

  private var inFence = false
  private var inBlockComment = false
  private var lastStartedWithHash = false
  private let tallies: UnsafeBufferPointer<UInt64>

  /// - Parameter tallies: `ByteTally.table`.
  init(tallies: UnsafeBufferPointer<UInt64>) { self.tallies = tallies }

  /// Reads whole lines of `range`.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      let (tally, end) = ByteTally.line(text, start, range.upperBound, tallies)
      if tally.visible > 0 { add(CodeLine(text, start..<end), tally) }
      start = end + 1
    }
  }

  private mutating func add(_ line: CodeLine, _ tally: ByteTally) {
    lines += 1
    if line.isFence {
      inFence.toggle()
      markupLines += 1
      return
    }
    if inFence {
      fencedLines += 1
      return
    }
    han += tally.han
    wide += tally.wide
    letters += tally.letters
    visible += tally.visible
    plainLines += 1
    texCommands += tally.backslashes
    dollars += tally.dollars
    judge(line, tally)
  }

  private mutating func judge(_ line: CodeLine, _ tally: ByteTally) {
    if tally.han > longestHanLine { longestHanLine = tally.han }
    if line.startsArticle { articleLines += 1 }
    if tally.han > 0 && tally.han <= 24 && line.endsVerse { verseLines += 1 }
    let hash = line.startsWithHash
    let comment = hash && (lastStartedWithHash || line.indent > 0)
    lastStartedWithHash = hash
    if inBlockComment || line.opensBlockComment {
      codeLines += 1
      inBlockComment = !line.closesBlockComment
    } else if line.isMarkup {
      markupLines += 1
    } else if comment || line.looksLikeCode(tally) {
      codeLines += 1
    } else if tally.visible >= 40 && tally.symbols * 16 < tally.visible {
      proseLines += 1
    }
  }
}

/// Counts of one line, packed into one word a byte so that the loop is one load and one addition.
struct ByteTally {
  var letters = 0
  var symbols = 0
  var han = 0
  var wide = 0
  var visible = 0
  var backslashes = 0
  var dollars = 0

  /// Fields of 9 bits for blocks of at most 511 bytes: letters, code symbols, Han, other wide, visible, `\`, `$`.
  static let table: [UInt64] = (0..<256).map { byte in
    var fields: [Bool] = [Bool](repeating: false, count: 7)
    fields[0] = (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    fields[1] = "{}()[];=<>&|_+*@^~%$\\".utf8.contains(UInt8(byte))
    fields[2] = byte >= 0xE4 && byte <= 0xE9
    fields[3] = byte >= 0xC2 && !fields[2]
    fields[4] = byte > 0x20 && (byte < 0x80 || byte >= 0xC0)
    fields[5] = byte == 0x5C
    fields[6] = byte == 0x24
    return fields.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt64(9 * $1.offset) : 0) }
  }

  /// The counts of the line from `start`, and the offset of its newline (or `limit`).
  @inline(__always)
  static func line(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int, _ tallies: UnsafeBufferPointer<UInt64>
  ) -> (ByteTally, Int) {
    var tally = ByteTally()
    var index = start
    while index < limit {
      let stop = min(limit, index + 511)
      var packed: UInt64 = 0
      while index < stop, text[index] != 0x0A {
        packed &+= tallies[Int(text[index])]
        index += 1
      }
      tally.add(packed)
      if index < limit && text[index] == 0x0A { break }
    }
    return (tally, index)
  }

  private mutating func add(_ packed: UInt64) {
    letters += Int(packed & 511)
    symbols += Int(packed >> 9 & 511)
    han += Int(packed >> 18 & 511)
    wide += Int(packed >> 27 & 511)
    visible += Int(packed >> 36 & 511)
    backslashes += Int(packed >> 45 & 511)
    dollars += Int(packed >> 54 & 511)
  }
}
