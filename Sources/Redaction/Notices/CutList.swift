import Bytes
import TextModels

/// Phrases that a user wants out of the texts. A line of the file is a phrase, or `line: phrase`, `sentence: phrase`;
/// `#` begins a comment.
public struct CutList: Sendable {
  private enum Extent: Sendable { case span, sentence, line }

  private let automaton: AhoCorasick
  private let extents: [Extent]
  public var count: Int { extents.count }

  /// A line of the file that is no phrase.
  public struct BadLine: Error, Equatable, CustomStringConvertible {
    public let number: Int

    public init(number: Int) { self.number = number }

    public var description: String {
      "redact.list: line \(number) is not UTF-8, so it would be found nowhere or inside of a character; convert the file"
    }
  }

  /// - Parameter file: the bytes of the list.
  public init(_ file: [UInt8]) throws(BadLine) {
    var phrases: [[UInt8]] = []
    var extents: [Extent] = []
    let body = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
    for (index, line) in body.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if UTF8Text.firstInvalid(Array(line)) != nil { throw BadLine(number: index + 1) }
      var (phrase, extent) = (CutList.trimmed(line), Extent.span)
      for (word, meant) in [("line:", Extent.line), ("sentence:", .sentence)] where phrase.starts(with: word.utf8) {
        (phrase, extent) = (CutList.trimmed(phrase.dropFirst(word.utf8.count)), meant)
      }
      guard let first = phrase.first, first != UInt8(ascii: "#") else { continue }
      phrases.append(Array(phrase))
      extents.append(extent)
    }
    automaton = AhoCorasick(phrases, foldsCase: true)
    self.extents = extents
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let first = line.first, first <= 0x20 { line = line.dropFirst() }
    while let last = line.last, last <= 0x20 { line = line.dropLast() }
    return line
  }

  /// Calls `body` with each range to cut, sentences made whole.
  func forEachCut(_ text: TextView, _ body: (_ start: Int, _ end: Int) -> Void) {
    guard !extents.isEmpty else { return }
    var coveredTo = 0
    automaton.forEachMatch(in: text.bytes) { pattern, end in
      // What was cut with its line already is not looked at again, however many phrases it holds.
      guard end > coveredTo else { return }
      let cut = range(text, extents[pattern], max(coveredTo, end - automaton.patternLengths[pattern]), end)
      coveredTo = max(end, cut.end)
      body(cut.start, cut.end)
    }
  }

  private func range(_ text: TextView, _ extent: Extent, _ start: Int, _ end: Int) -> (start: Int, end: Int) {
    switch extent {
    case .span: return CutMender.mend(text, start, end)
    case .sentence:
      return CutMender.mend(text, CutList.sentenceStart(text, start), CutList.sentenceEnd(text, end))
    case .line:
      let last = text.lineEnd(end, reach: text.count)
      return (text.lineStart(start, reach: text.count), last < text.count ? last + 1 : last)
    }
  }

  private static func sentenceStart(_ text: TextView, _ place: Int) -> Int {
    var start = place
    while start > 0, text.at(start - 1) != 0x0A, !NoticeLine.followsSentence(text, start) {
      if text.at(start - 1) == 0x20, ".!?".utf8.contains(text.at(start - 2)) { break }
      start -= 1
    }
    return start
  }

  private static func sentenceEnd(_ text: TextView, _ place: Int) -> Int {
    var end = place
    while end < text.count, text.at(end) != 0x0A {
      if ".!?".utf8.contains(text.at(end)), text.at(end + 1) <= 0x20 { return end + 1 }
      for mark: StaticString in ["。", "！", "？"] where text.has(mark, at: end) { return end + 3 }
      end += 1
    }
    return end
  }
}
