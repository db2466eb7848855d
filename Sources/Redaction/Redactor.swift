import Documents

/// Masks personal data by typed placeholders, `<EMAIL_1>`, or as `redact.actions` says, and cuts boilerplate.
///
/// The same value has the same ordinal within a document. Only offsets and types are recorded, never values.
public struct Redactor: Stage {
  private let settings: RedactSettings
  private let actions: ActionTable
  private let list: CutList?
  private let pseudonym: Pseudonym
  private let forms: (text: PlaceholderForm, code: PlaceholderForm)

  /// - Parameter list: phrases to cut (`redact.list`), read by who opens files.
  public init(
    _ settings: RedactSettings = RedactSettings(), channels: ChannelTable = ChannelTable(), list: CutList? = nil
  ) {
    self.settings = settings
    self.list = list
    actions = ActionTable(settings, channels: channels)
    pseudonym = Pseudonym(secret: settings.pseudonymKey)
    forms = (PlaceholderForm(settings.placeholder), PlaceholderForm(settings.codePlaceholder))
  }

  public func process(_ document: inout Document) {
    guard settings.enabled else { return }
    let length = document.text.count
    let (text, spans, dropped) = redact(document.text, channel: document.channel)
    guard let text else { return }
    document.text = text
    document.redactions += spans
    guard document.isKept else { return }
    if let dropped {
      let count = spans.count { $0.type == dropped.label }
      document.verdict = .filtered(RuleHit(rule: "redact.\(dropped.settingName)", value: Float(count), threshold: 0))
    } else if let density = density(spans, length) {
      document.verdict = .filtered(
        RuleHit(rule: "redact.dense", value: Float(density), threshold: Float(settings.densePerThousand)))
    }
  }

  /// Masked values per 1,000 bytes when there are too many: a list of contacts rather than a text.
  private func density(_ spans: [RedactedSpan], _ length: Int) -> Double? {
    guard settings.densePerThousand > 0 else { return nil }
    let cut = RedactionKind.allCases.filter(\.isBoilerplate).map(\.label)
    let values = spans.count { !cut.contains($0.type) }
    let density = Double(values) * 1000 / Double(max(1, length))
    return values > 5 && density > settings.densePerThousand ? density : nil
  }

  /// The masked text, or nil when there was nothing to mask; spans are offsets in it. `dropped` is the first kind whose
  /// action is to drop the document.
  func redact(_ text: [UInt8], channel: Channel) -> (text: [UInt8]?, spans: [RedactedSpan], dropped: RedactionKind?) {
    let findings = find(text, isCode: channel == .code).filter { actions.action(channel, $0.kind) != nil }
    if findings.isEmpty { return (nil, [], nil) }
    return text.withUnsafeBufferPointer { bytes in
      var result = RedactedText(bytes, findings.count)
      var dropped: RedactionKind?
      for found in findings {
        let action = actions.action(channel, found.kind) ?? .placeholder
        if action == .drop && dropped == nil { dropped = found.kind }
        replace(found, action, isCode: channel == .code, &result)
      }
      result.finish()
      return (result.text, result.spans, dropped)
    }
  }

  /// The same for text of a natural language or of code, without its document.
  public func redact(_ text: [UInt8], isCode: Bool = false) -> (text: [UInt8]?, spans: [RedactedSpan]) {
    let (text, spans, _) = redact(text, channel: isCode ? .code : .english)
    return (text, spans)
  }

  private func replace(_ found: Finding, _ action: RedactionAction, isCode: Bool, _ result: inout RedactedText) {
    // Outside strings and comments only a name keeps the syntax.
    let action = isCode && !found.isLiteral ? .placeholder : action
    switch action {
    case .delete:
      let isWhole = found.kind.isBoilerplate || isCode
      result.cut(found, mended: !isWhole)
    case .pseudonym where !found.kind.isBoilerplate:
      let ordinal = result.ordinals.ordinal(found)
      result.replace(found) { value, text in pseudonym.append(found, ordinal, value: value, to: &text) }
    case .placeholder, .pseudonym, .drop:
      if found.kind.isBoilerplate { return result.cut(found, mended: false) }
      let ordinal = result.ordinals.ordinal(found)
      result.replace(found) { _, text in (isCode ? forms.code : forms.text).append(found.kind, ordinal, to: &text) }
    }
  }

  /// What would be masked: kind and byte range in the text as it is.
  public func spans(of text: [UInt8], isCode: Bool = false) -> [(kind: RedactionKind, range: Range<Int>)] {
    find(text, isCode: isCode).map { ($0.kind, $0.start..<$0.end) }
  }

  private func find(_ text: [UInt8], isCode: Bool) -> [Finding] {
    text.withUnsafeBufferPointer { bytes in
      let view = TextView(bytes: bytes)
      var scan = CandidateScan(view, settings, isCode: isCode)
      scan.run()
      var findings = scan.findings
      if !isCode, settings.nameChinese || settings.nameEnglish || settings.address {
        findings = FindingMerge.fill(findings, with: NameScan(view, settings).findings())
      }
      guard let list, list.count > 0 else { return findings }
      var cuts: [Finding] = []
      list.forEachCut(view) { start, end in
        let isAllowed = !isCode || CodeContext.isLiteral(view, at: start) && CodeContext.isLiteral(view, at: end)
        if isAllowed { cuts.append(Finding(kind: .listed, start: start, end: end, key: 0)) }
      }
      return FindingMerge.overlay(findings, with: cuts)
    }
  }
}

/// The text under construction.
struct RedactedText {
  private let source: UnsafeBufferPointer<UInt8>
  private(set) var text: [UInt8] = []
  private(set) var spans: [RedactedSpan] = []
  var ordinals = Ordinals()
  private var copied = 0

  init(_ source: UnsafeBufferPointer<UInt8>, _ count: Int) {
    self.source = source
    text.reserveCapacity(source.count + 8 * count)
    spans.reserveCapacity(count)
  }

  mutating func replace(_ found: Finding, by append: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Void) {
    copy(to: found.start)
    let offset = text.count
    append(UnsafeBufferPointer(rebasing: source[found.start..<found.end]), &text)
    spans.append(RedactedSpan(type: found.kind.label, offset: offset, length: text.count - offset))
    copied = max(copied, found.end)
  }

  /// Leaves the range out; mended, what hung on it goes too.
  mutating func cut(_ found: Finding, mended: Bool) {
    var (start, end) = (found.start, found.end)
    if mended { (start, end) = CutMender.mend(TextView(bytes: source), start, end) }
    copy(to: max(start, copied))
    spans.append(RedactedSpan(type: found.kind.label, offset: text.count, length: 0))
    copied = max(copied, end)
  }

  mutating func finish() { copy(to: source.count) }

  private mutating func copy(to end: Int) {
    guard end > copied else { return }
    text += source[copied..<end]
    copied = end
  }
}
