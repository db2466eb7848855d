import Glibc

/// An extended regular expression of POSIX, asked only of lines that hold its literal, and compiled once.
///
/// libc's matcher runs an automaton; what makes such a matcher slow (back-references, large counts, endless lines) is
/// refused or cut off here.
public final class LinePattern: Sendable, Equatable {
  /// Bytes of a line that are looked at; a longer line's rest is not.
  static let longestLine = 4096
  static let longestSource = 1000
  static let largestCount = 255

  let source: String
  /// Small letters; the case of Latin ones does not matter for being asked.
  let literal: [UInt8]
  private nonisolated(unsafe) let compiled: UnsafeMutablePointer<regex_t>

  /// - Throws: why the expression is refused, and what would be taken.
  init(_ source: String, literal: String, ignoresCase: Bool) throws(LinePatternError) {
    try LinePattern.check(source, literal)
    compiled = .allocate(capacity: 1)
    compiled.initialize(to: regex_t())
    let code = regcomp(compiled, source, REG_EXTENDED | REG_NEWLINE | (ignoresCase ? REG_ICASE : 0))
    guard code == 0 else {
      var text = [CChar](repeating: 0, count: 200)
      _ = regerror(code, compiled, &text, text.count)
      compiled.deallocate()
      let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw LinePatternError("'pattern' is no extended regular expression of POSIX: \(reason) (man 7 regex)")
    }
    self.source = source
    self.literal = literal.utf8.map(LineSignal.lowered)
  }

  deinit {
    regfree(compiled)
    compiled.deallocate()
  }

  public static func == (one: LinePattern, other: LinePattern) -> Bool {
    one.source == other.source && one.literal == other.literal
  }

  private static func check(_ source: String, _ literal: String) throws(LinePatternError) {
    if literal.isEmpty {
      throw LinePatternError(
        "a 'pattern' needs a 'literal': a text that every match holds, so that the expression is asked of few lines")
    }
    if source.isEmpty || source.utf8.count > longestSource {
      throw LinePatternError("'pattern' must have 1 to \(longestSource) bytes")
    }
    let bytes = Array(source.utf8)
    for (place, byte) in bytes.enumerated() {
      let next = place + 1 < bytes.count ? bytes[place + 1] : 0
      let isEscaped = bytes[..<place].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
      if byte == UInt8(ascii: "\\"), !isEscaped, next >= 0x31 && next <= 0x39 {
        throw LinePatternError("'pattern' has a back-reference, which takes unbounded time; write the text out")
      }
      if byte == UInt8(ascii: "{"), !isEscaped, largest(bytes[(place + 1)...]) > largestCount {
        throw LinePatternError("'pattern' repeats more than \(largestCount) times; use * or + in place of the count")
      }
    }
  }

  /// The largest number before the closing brace.
  private static func largest(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
      .compactMap { Int(String(decoding: $0.prefix(9), as: UTF8.self)) }.max() ?? 0
  }

  /// Whether the line holds the literal, and so may match.
  func mayMatch(_ line: UnsafeBufferPointer<UInt8>) -> Bool { LineSignal.contains(line, literal) }

  /// The places of the line that match, from left to right; empty matches are none.
  /// - Parameter most: enough of them.
  func matches(_ line: UnsafeBufferPointer<UInt8>, most: Int = .max) -> [Range<Int>] {
    let end = min(line.count, LinePattern.longestLine)
    var (found, start): ([Range<Int>], Int) = ([], 0)
    line.withMemoryRebound(to: CChar.self) { line in
      while start < end, found.count < most {
        var match = regmatch_t(rm_so: Int32(start), rm_eo: Int32(end))
        let flags = REG_STARTEND | (start > 0 ? REG_NOTBOL : 0)
        guard regexec(compiled, line.baseAddress!, 1, &match, flags) == 0 else { return }
        let range = Int(match.rm_so)..<Int(match.rm_eo)
        if !range.isEmpty { found.append(range) }
        start = max(range.upperBound, start + 1)
      }
    }
    return found
  }
}

struct LinePatternError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
