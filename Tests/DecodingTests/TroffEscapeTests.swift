import Testing

@testable import Decoding

/// Manual pages of Chinese translators hold escapes that troff does not know, right before characters of several bytes
/// (manpages-zh: option.3tk, utf-8.7, perlsec.7). The text stays, and stays UTF-8.
@Suite struct TroffEscapeTests {
  private func plain(_ line: String) -> [UInt8] {
    Array(line.utf8).withUnsafeBufferPointer { TroffEscapes.plain($0) }
  }

  @Test(arguments: [
    ("\\fIname\\f、和 \\fIclass\\fR", "name、和 class"), ("\\fBbold\\fR 字", "bold 字"), ("a\\(em b", "a— b"),
    ("\\s+1大\\s0", "大"),
  ])
  func textAfterAnEscapeStays(_ line: String, _ text: String) {
    #expect(String(decoding: plain(line), as: UTF8.self) == text)
  }

  @Test(arguments: ["‘\\’", "\\字", "\\s字", "\\(字x", "\\h字1字", "\\*字", "\\n字", "\\[字"])
  func noEscapeLeavesHalfACharacter(_ line: String) {
    let bytes = plain(line)
    #expect(String(validating: bytes, as: UTF8.self) != nil, "\(line) became \(bytes)")
  }
}
