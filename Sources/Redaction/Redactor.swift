import Documents

/// Masks personal data by typed placeholders, `<EMAIL_1>`, and deletes reprint notices.
///
/// The same value has the same ordinal within a document. Only offsets and types are recorded, never values.
public struct Redactor: Stage {
  private let settings: RedactSettings

  public init(_ settings: RedactSettings = RedactSettings()) { self.settings = settings }

  public func process(_ document: inout Document) {
    guard settings.enabled else { return }
    let (text, spans) = redact(document.text, isCode: document.channel == .code)
    guard let text else { return }
    document.text = text
    document.redactions += spans
  }

  /// The masked text, or nil when there was nothing to mask; spans are offsets in it.
  public func redact(_ text: [UInt8], isCode: Bool = false) -> (text: [UInt8]?, spans: [RedactedSpan]) {
    let findings = find(text, isCode: isCode)
    if findings.isEmpty { return (nil, []) }
    var masked: [UInt8] = []
    masked.reserveCapacity(text.count)
    var spans: [RedactedSpan] = []
    var ordinals = Ordinals()
    var copied = 0
    for found in findings {
      masked += text[copied..<found.start]
      let placeholder = found.kind == .reprint ? [] : ordinals.placeholder(found)
      spans.append(RedactedSpan(type: found.kind.label, offset: masked.count, length: placeholder.count))
      masked += placeholder
      copied = found.end
    }
    masked += text[copied...]
    return (masked, spans)
  }

  /// What would be masked: kind and byte range in the text as it is.
  public func spans(of text: [UInt8], isCode: Bool = false) -> [(kind: RedactionKind, range: Range<Int>)] {
    find(text, isCode: isCode).map { ($0.kind, $0.start..<$0.end) }
  }

  private func find(_ text: [UInt8], isCode: Bool) -> [Finding] {
    text.withUnsafeBufferPointer { bytes in
      var scan = CandidateScan(bytes, settings, isCode: isCode)
      scan.run()
      return scan.findings
    }
  }
}

/// Ordinals per kind in order of first appearance.
private struct Ordinals {
  private var known: [UInt64: Int] = [:]
  private var counts = [Int](repeating: 0, count: RedactionKind.allCases.count)

  mutating func placeholder(_ found: Finding) -> [UInt8] {
    let kind = Int(found.kind.rawValue)
    let key = found.key &* 8 &+ UInt64(kind)
    let ordinal: Int
    if let old = known[key] {
      ordinal = old
    } else {
      counts[kind] += 1
      ordinal = counts[kind]
      known[key] = ordinal
    }
    return Array("<\(found.kind.label)_\(ordinal)>".utf8)
  }
}
