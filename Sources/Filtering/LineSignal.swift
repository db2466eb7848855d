/// What rules with the action `drop_line` ask of one line, the white space at its ends left out.
public enum LineSignal: String, Sendable, CaseIterable {
  /// Characters; words between white space; characters of the longest of them.
  case lineCharacters, lineWords, lineLongestWord
  /// 1 when it ends in . ? ! " or ' but not in three full stops, as C4 has it.
  case lineEndsLikeC4
  /// 1 when it ends in a mark that ends a sentence, Latin or Chinese.
  case lineEndsSentence
  /// Shares of the characters that are no white space: ASCII digits, and capitals among ASCII letters.
  case lineDigitShare, lineUpperShare
  /// How many of the rule's phrases are in it, whatever the case of their letters.
  case linePhrases

  func value(of line: UnsafeBufferPointer<UInt8>, phrases: [[UInt8]]) -> Float {
    switch self {
    case .lineCharacters: Float(LineSignal.characters(line))
    case .lineWords: Float(LineSignal.words(line).count)
    case .lineLongestWord: Float(LineSignal.words(line).longest)
    case .lineEndsLikeC4: LineSignal.endsLikeC4(line) ? 1 : 0
    case .lineEndsSentence: LineSignal.endsSentence(line) ? 1 : 0
    case .lineDigitShare: share(line.count { $0 >= 0x30 && $0 <= 0x39 }, LineSignal.visible(line))
    case .lineUpperShare:
      share(line.count { $0 >= 0x41 && $0 <= 0x5A }, line.count { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A })
    case .linePhrases: Float(phrases.count { LineSignal.contains(line, $0) })
    }
  }

  private static func characters(_ line: UnsafeBufferPointer<UInt8>) -> Int { line.count { $0 & 0xC0 != 0x80 } }

  private static func visible(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    line.count { $0 & 0xC0 != 0x80 && $0 > 0x20 }
  }

  private static func words(_ line: UnsafeBufferPointer<UInt8>) -> (count: Int, longest: Int) {
    var (count, longest, length) = (0, 0, 0)
    var inside = false
    for byte in line {
      if byte <= 0x20 {
        inside = false
        length = 0
        continue
      }
      if !inside { count += 1 }
      inside = true
      if byte & 0xC0 != 0x80 { length += 1 }
      longest = max(longest, length)
    }
    return (count, longest)
  }

  private static func endsLikeC4(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let last = line.last else { return false }
    switch last {
    case UInt8(ascii: "."): return !line.suffix(3).elementsEqual("...".utf8)
    case UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "\""), UInt8(ascii: "'"): return true
    default: return false
    }
  }

  private static let ends = [
    ".", "!", "?", "\"", "'", ":", ";", ")", "…", "”", "’", "。", "！", "？", "；", "：", "」", "』", "》", "）",
  ].map { Array($0.utf8) }

  private static func endsSentence(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    ends.contains { line.suffix($0.count).elementsEqual($0) }
  }

  static func contains(_ line: UnsafeBufferPointer<UInt8>, _ phrase: [UInt8]) -> Bool {
    guard !phrase.isEmpty, phrase.count <= line.count else { return false }
    return (0...(line.count - phrase.count)).contains { start in
      phrase.indices.allSatisfy { lowered(line[start + $0]) == phrase[$0] }
    }
  }

  static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte + 32 : byte }
}

private func share(_ part: Int, _ whole: Int) -> Float { whole == 0 ? 0 : Float(part) / Float(whole) }
