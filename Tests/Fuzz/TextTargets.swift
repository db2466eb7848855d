import Bytes
import Classification
import Documents
import Redaction

extension FuzzTarget {
  /// Every detector, every action; which way, the input's size decides.
  private static let redactors: [Redactor] = {
    var all = RedactSettings()
    (all.nameChinese, all.nameEnglish, all.address) = (true, true, true)
    return [RedactSettings(), all]
      + ["pseudonym", "delete"].map { action in
        var settings = all
        settings.action = action
        return settings
      }
  }()
  .map { Redactor($0) }

  /// The longest thing that stands for a value is a placeholder with its number, or as long as the value.
  private static let longestPlaceholder = 40

  /// Any bytes through every detector: what is found lies apart and inside, nothing else is touched.
  static let redact = FuzzTarget(name: "redact") {
    [
      bytes(
        "Mail a.b@example.com, https://user:secret@host.org/x, +86 138 0013 8000, 010-62781234, (212) 555-0123, "
          + "11010519491231002X, 4111 1111 1111 1111, 8.8.8.8, 2001:4860:4860::8888, 00:1B:44:11:3A:B7, 123-45-6789\n"
      ),
      bytes(
        "GB82 WEST 1234 5698 7654 32 91350100M000100Y43 \u{4EAC}A12345 \u{62A4}\u{7167}\u{53F7} G12345678 QQ: 123456789 "
          + "\u{5FAE}\u{4FE1}: abc_def123"),
      bytes(
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----\n"
          + "aws_secret_access_key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzKEYzzzzz' ghp_0123456789abcdefghijABCDEFGHIJ012345\n"
          + "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"),
      bytes(
        "\u{8D23}\u{4EFB}\u{7F16}\u{8F91}\u{FF1A}\u{738B}\u{660E}\n\u{8F6C}\u{8F7D}\u{81EA} x\n\u{53C2}\u{8003}\u{6587}\u{732E}\n"
          + "[1] A. Title[J]. 2001.\n[2] B. Other. 2002.\nReferences\n[1] x, 1999\n"),
      bytes(
        "Mr. John Smith lives at 221 Baker Street, London. "
          + "\u{6CB3}\u{5317}\u{7701}\u{77F3}\u{5BB6}\u{5E84}\u{5E02}\u{6865}\u{897F}\u{533A}1\u{53F7}"),
    ]
  } run: { input in
    let isCode = input.count / redactors.count % 2 == 1
    let redactor = redactors[input.count % redactors.count]
    let found = redactor.spans(of: input, isCode: isCode).map(\.range)
    promise(isApart(found, in: input.count), "findings overlap or lie outside of the text")
    let (text, spans) = redactor.redact(input, isCode: isCode)
    guard let text else { return promise(found.isEmpty, "something was found and nothing done") }
    let masks = spans.map { $0.offset..<$0.offset + $0.length }
    promise(masks.count == found.count && isApart(masks, in: text.count), "masks overlap or lie outside of the text")
    for (mask, value) in zip(masks, found) {
      promise(
        mask.count <= max(longestPlaceholder, 2 * value.count), "a mask of \(mask.count) for \(value.count) bytes")
    }
    // Cuts may take a comma or a line along; they never add.
    let (left, before) = (outside(masks, text), outside(found, input))
    promise(left.count <= before.count, "there is more text than before")
    if input.count % redactors.count < 3 { promise(left == before, "more was changed than what was found") }
    let wasText = UTF8Text.firstInvalid(input) == nil
    promise(!wasText || UTF8Text.firstInvalid(text) == nil, "masking broke the text's UTF-8")
  }

  private static func isApart(_ ranges: [Range<Int>], in count: Int) -> Bool {
    var end = 0
    for range in ranges {
      guard range.lowerBound >= end, range.upperBound <= count else { return false }
      end = range.upperBound
    }
    return true
  }

  private static func outside(_ ranges: [Range<Int>], _ text: [UInt8]) -> [UInt8] {
    var rest: [UInt8] = []
    var place = 0
    for range in ranges {
      rest += text[place..<range.lowerBound]
      place = range.upperBound
    }
    return rest + text[place...]
  }

  private static let classifiers: [Classifier] = {
    let models = try? Classifier(
      ClassifySettings(), channelModel: DefaultModels.bytes(.channel), genreModel: DefaultModels.bytes(.genre),
      channels: ChannelTable())
    return [Classifier()] + (models.map { [$0] } ?? [])
  }()

  /// Any bytes: segments lie apart and inside, and what is carved and judged does not change from one time to the next.
  static let classify = FuzzTarget(name: "classify") {
    [
      bytes("Text.\n\n```swift\nlet a = 1\n```\n\n    indented()\n    code()\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n"),
      bytes("$$\nx^2\n$$\n\\begin{align}a&=b\\\\c\\end{align} and $x_1$ or \\(y\\), \\[z\\] costs $5 and $6.\n"),
      bytes("~~~~\n```\n~~~\n~~~~\n> quote\n\t- list\n\t\tcode\n---|---\n:--|\n\u{4E2D}\u{6587}\u{3002}\n"),
    ]
  } run: { input in
    let segments = Carver.segments(of: input)
    let ranges = segments.map { $0.offset..<$0.offset + $0.length }
    promise(isApart(ranges, in: input.count), "segments overlap or lie outside")
    promise(!ranges.contains(where: \.isEmpty), "an empty segment")
    promise(Carver.segments(of: input) == segments, "carved another way the second time")
    promise(classifiers.count == 2, "the built-in models cannot be read")
    for classifier in classifiers {
      var document = Document(id: Identifier(of: input), text: input, source: "fuzz", origin: "0")
      classifier.process(&document)
      promise(document.text == input, "classifying changed the text")
      promise(document.channel == classifier.channel(of: input), "the channel is another the second time")
    }
  }
}
