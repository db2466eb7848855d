import CKernels
import Documents
import TextModels

/// Measures all raw signals of a document: one pass over its bytes, one over its n-grams, one for phrases.
public struct SignalMeter: Stage {
  public let phrases: PhraseLists
  private let meters = MeterPool()
  private let advertisement: AdvertisementModel?

  /// - Parameters:
  ///   - phrases: lists whose share of the text are signals.
  ///   - advertisement: nil: the signal stays 0.
  public init(phrases: PhraseLists = .builtIn, advertisement: AdvertisementModel? = .builtIn) {
    self.phrases = phrases
    self.advertisement = advertisement
  }

  /// False where the model for it was switched off.
  func measures(_ signal: Signal?) -> Bool { signal != .advertisement || advertisement != nil }

  public func process(_ document: inout Document) {
    let quality = document.signals[.qualityScore]
    document.signals =
      document.segments.isEmpty
      ? document.text.withUnsafeBufferPointer { measure($0, channel: document.channel) } : measureProse(document)
    document.signals[.qualityScore] = quality
  }

  /// Rules judge the prose; the length is that of the whole, so that a page of code with one sentence is not short.
  private func measureProse(_ document: Document) -> Signals {
    var signals = document.prose.withUnsafeBufferPointer { measure($0, channel: document.channel) }
    signals[.characters] = Float(document.text.count { $0 & 0xC0 != 0x80 })
    signals[.carvedShare] = share(UInt64(document.carvedBytes), UInt64(document.text.count))
    return signals
  }

  public func measure(_ text: [UInt8]) -> Signals { text.withUnsafeBufferPointer { measure($0) } }

  /// - Parameters:
  ///   - plain: by the reference twins of the kernels; for tests.
  ///   - level: by what a CPU of this level of `ck_cpu_level` has, nil for this CPU; for tests.
  ///   - channel: what the text is; nil: what is asked of prose or of code alone is measured too.
  public func measure(
    _ text: UnsafeBufferPointer<UInt8>, plain: Bool = false, level: Int32? = nil, channel: Channel? = nil
  ) -> Signals {
    var signals = Signals()
    MeasuredText(meters.measure(text, plain: plain, level: level)).fill(&signals)
    phrases.fill(&signals, text)
    if channel != .code && channel != .math { signals[.advertisement] = advertisement?.probability(text) ?? 0 }
    if channel == nil || channel == .code { signals[.commentLineShare] = CommentLines.share(text) }
    return signals
  }
}

/// Counts to signals.
private struct MeasuredText {
  private let counts: ck_text_measures

  init(_ counts: ck_text_measures) { self.counts = counts }

  func fill(_ signals: inout Signals) {
    characters(&signals)
    words(&signals)
    lines(&signals)
    repeatedLines(&signals)
    repetition(&signals)
    signals[.c4Sentences] = Float(counts.c4_sentences)
    signals[.c4LoremIpsum] = Float(counts.c4_lorem_ipsum)
    signals[.c4CurlyBracket] = Float(counts.c4_brackets)
  }

  private func characters(_ signals: inout Signals) {
    let visible = counts.visible
    signals[.characters] = Float(counts.scalars)
    signals[.hanShare] = share(counts.han, visible)
    signals[.latinShare] = share(counts.latin, visible)
    signals[.digitShare] = share(counts.digits, visible)
    signals[.punctuationShare] = share(counts.punctuation, visible)
    signals[.symbolShare] = share(counts.symbols, visible)
    signals[.otherScriptShare] = share(counts.other_letters, visible)
    signals[.kanaShare] = share(counts.kana, visible)
    let letters = counts.han + counts.latin + counts.other_letters
    signals[.alphanumericShare] = share(letters + counts.digits, visible)
    signals[.upperCaseShare] = share(counts.upper, counts.latin)
    signals[.bracketShare] = share(counts.brackets, visible)
    signals[.replacementShare] = share(counts.broken, counts.scalars)
    signals[.urlShare] = share(counts.link_characters, visible)
    signals[.links] = Float(counts.links)
    signals[.distinctCharacterShare] = Float(counts.distinct_share)
    signals[.characterEntropy] = Float(counts.entropy)
    signals[.stopCharacterShare] = share(counts.stop_characters, counts.han)
  }

  private func words(_ signals: inout Signals) {
    let stopWords = counts.stop_words_any_case.nonzeroBitCount + Int(counts.distinct_stop_characters)
    signals[.units] = Float(counts.units)
    signals[.words] = Float(counts.words)
    signals[.meanWordLength] = share(counts.word_characters, counts.words)
    signals[.alphabeticWordShare] = share(counts.letter_words, counts.words)
    signals[.letterUnitShare] = share(counts.letter_words, counts.units)
    signals[.distinctStopWords] = Float(stopWords)
    signals[.gopherStopWords] = Float(counts.stop_words.nonzeroBitCount)
    signals[.stopWordShare] = share(counts.function_words, counts.words)
    signals[.hashPerWord] = share(counts.hashes, counts.units)
    signals[.ellipsisPerWord] = share(counts.ellipses, counts.units)
    signals[.newlinePerWord] = share(counts.newlines, counts.units)
    signals[.longestWord] = Float(counts.longest_word)
    signals[.topUnitShare] = share(counts.top_unit, counts.words)
  }

  private func lines(_ signals: inout Signals) {
    let lines = counts.lines
    signals[.lines] = Float(lines)
    signals[.bulletLineShare] = share(counts.bullet_lines, counts.all_lines)
    signals[.ellipsisLineShare] = share(counts.ellipsis_lines, counts.all_lines)
    signals[.endPunctuationLineShare] = share(counts.ended_lines, lines)
    signals[.fullStopLineShare] = share(counts.stopped_lines, lines)
    signals[.shortLineShare] = share(counts.short_lines, lines)
    signals[.briefLineShare] = share(counts.brief_lines, lines)
    signals[.numericLineShare] = share(counts.numeric_lines, lines)
    signals[.meanLineLength] = share(counts.line_characters, lines)
    signals[.longestLine] = Float(counts.longest_line)
  }

  private func repeatedLines(_ signals: inout Signals) {
    signals[.duplicateLineShare] = share(counts.repeated_parts, counts.parts)
    signals[.duplicateLineCharacterShare] = share(counts.repeated_part_characters, counts.scalars)
    signals[.duplicateLineTextShare] = share(counts.repeated_line_characters, counts.scalars - counts.newlines)
    signals[.duplicateParagraphShare] = share(counts.repeated_paragraphs, counts.paragraphs)
    signals[.duplicateParagraphCharacterShare] = share(counts.repeated_paragraph_characters, counts.scalars)
  }

  private func repetition(_ signals: inout Signals) {
    let (top, repeated, all) = (counts.repetition.top, counts.repetition.repeated, counts.repetition_characters)
    signals[.topBigramShare] = share(top.0, all)
    signals[.topTrigramShare] = share(top.1, all)
    signals[.topFourgramShare] = share(top.2, all)
    signals[.duplicateFivegramShare] = share(repeated.0, all)
    signals[.duplicateSixgramShare] = share(repeated.1, all)
    signals[.duplicateSevengramShare] = share(repeated.2, all)
    signals[.duplicateEightgramShare] = share(repeated.3, all)
    signals[.duplicateNinegramShare] = share(repeated.4, all)
    signals[.duplicateTengramShare] = share(repeated.5, all)
  }
}

private func share(_ part: UInt64, _ whole: UInt64) -> Float { whole == 0 ? 0 : Float(Double(part) / Double(whole)) }
