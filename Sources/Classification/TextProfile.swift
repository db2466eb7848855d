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

  /// Reads whole lines of `range`.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      let tally = ByteTally(text, start, range.upperBound)
      if tally.visible > 0 { add(CodeLine(text, start..<tally.end), tally) }
      start = tally.end + 1
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
