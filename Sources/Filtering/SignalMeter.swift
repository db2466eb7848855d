import Documents
import TextModels

/// Measures all raw signals of a document: one pass over its bytes, one over its n-grams, one for phrases.
public struct SignalMeter: Stage {
  private let keywords: AhoCorasick

  /// - Parameter keywords: phrases of promotion and page furniture; their share is `keywordShare`.
  public init(keywords: [[UInt8]] = DefaultKeywords.phrases) {
    self.keywords = AhoCorasick(keywords, foldsCase: true)
  }

  public func process(_ document: inout Document) {
    let quality = document.signals[.qualityScore]
    document.signals = document.segments.isEmpty ? measure(document.text) : measureProse(document)
    document.signals[.qualityScore] = quality
  }

  /// Rules judge the prose; the length is that of the whole, so that a page of code with one sentence is not short.
  private func measureProse(_ document: Document) -> Signals {
    var signals = measure(document.prose)
    signals[.characters] = Float(document.text.count { $0 & 0xC0 != 0x80 })
    signals[.carvedShare] = share(document.carvedBytes, document.text.count)
    return signals
  }

  public func measure(_ text: [UInt8]) -> Signals { text.withUnsafeBufferPointer { measure($0) } }

  public func measure(_ text: UnsafeBufferPointer<UInt8>) -> Signals {
    StopSet.characterPlaces.withUnsafeBufferPointer { places in
      var scanner = TextScanner(text, stopPlaces: places)
      defer { scanner.deallocate() }
      scanner.scan()
      var signals = Signals()
      SignalMeter.characterSignals(scanner, &signals)
      SignalMeter.wordSignals(scanner, &signals)
      SignalMeter.lineSignals(scanner.lines, &signals)
      SignalMeter.repetitionSignals(scanner, &signals)
      signals[.keywordShare] = share(keywords.coveredBytes(in: text), text.count)
      return signals
    }
  }

  private static func characterSignals(_ scanner: TextScanner, _ signals: inout Signals) {
    let visible = scanner.visible
    signals[.characters] = Float(scanner.scalars)
    signals[.hanShare] = share(scanner.han, visible)
    signals[.latinShare] = share(scanner.latin, visible)
    signals[.digitShare] = share(scanner.digits, visible)
    signals[.punctuationShare] = share(scanner.punctuation, visible)
    signals[.symbolShare] = share(scanner.symbols, visible)
    signals[.otherScriptShare] = share(scanner.otherLetters, visible)
    signals[.kanaShare] = share(scanner.kana, visible)
    let letters = scanner.han + scanner.latin + scanner.otherLetters
    signals[.alphanumericShare] = share(letters + scanner.digits, visible)
    signals[.upperCaseShare] = share(scanner.upper, scanner.latin)
    signals[.bracketShare] = share(scanner.brackets, visible)
    signals[.replacementShare] = share(scanner.broken, scanner.scalars)
    signals[.urlShare] = share(scanner.linkCharacters, visible)
    signals[.distinctCharacterShare] = scanner.spread.distinctShare
    signals[.characterEntropy] = scanner.spread.entropy
    signals[.stopCharacterShare] = share(scanner.stopCharacters, scanner.han)
  }

  private static func wordSignals(_ scanner: TextScanner, _ signals: inout Signals) {
    let words = scanner.words
    signals[.words] = Float(words)
    signals[.meanWordLength] = share(scanner.wordCharacters, words)
    signals[.alphabeticWordShare] = share(scanner.alphabeticWords, words)
    signals[.distinctStopWords] = Float(scanner.distinctStopWords)
    signals[.stopWordShare] = share(scanner.functionWords, words)
    signals[.hashPerWord] = share(scanner.hashes, words)
    signals[.ellipsisPerWord] = share(scanner.ellipses, words)
    signals[.newlinePerWord] = share(scanner.newlines, words)
    signals[.longestWord] = Float(scanner.longestWord)
  }

  private static func lineSignals(_ meter: LineMeter, _ signals: inout Signals) {
    let lines = meter.lines
    signals[.lines] = Float(lines)
    signals[.bulletLineShare] = share(meter.bulletLines, lines)
    signals[.ellipsisLineShare] = share(meter.ellipsisLines, lines)
    signals[.endPunctuationLineShare] = share(meter.endedLines, lines)
    signals[.shortLineShare] = share(meter.shortLines, lines)
    signals[.numericLineShare] = share(meter.numericLines, lines)
    signals[.duplicateLineShare] = share(meter.duplicateLines, lines)
    signals[.duplicateLineCharacterShare] = share(meter.duplicateCharacters, meter.visible)
    signals[.duplicateParagraphShare] = share(meter.duplicateParagraphs, meter.paragraphs)
    signals[.meanLineLength] = share(meter.visible, lines)
    signals[.longestLine] = Float(meter.longest)
  }

  private static func repetitionSignals(_ scanner: TextScanner, _ signals: inout Signals) {
    let shares = scanner.repetition.shares
    signals[.topBigramShare] = shares.top2
    signals[.topTrigramShare] = shares.top3
    signals[.topFourgramShare] = shares.top4
    signals[.duplicateFivegramShare] = shares.duplicate5
    signals[.duplicateTengramShare] = shares.duplicate10
  }
}

private func share(_ part: Int, _ whole: Int) -> Float { whole == 0 ? 0 : Float(part) / Float(whole) }
