import CKernels

/// One pass over the bytes that stops only where something can begin, and asks the detectors there.
struct CandidateScan {
  private let text: TextView
  private let settings: RedactSettings
  private let isCode: Bool
  private(set) var findings: [Finding] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ settings: RedactSettings, isCode: Bool) {
    text = TextView(bytes: bytes)
    self.settings = settings
    self.isCode = isCode
  }

  mutating func run() {
    let bytes = text.bytes
    guard let base = bytes.baseAddress else { return }
    let notices = settings.reprint && !isCode
    if notices { line(0) }
    var index = ck_next_candidate(base, 0, bytes.count)
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "@"):
        if settings.email, let found = EmailDetector.find(text, at: index) { add(found) }
        index += 1
      case 0x0A:
        index += 1
        if notices { line(index) }
      case 0xE8:
        if notices, let found = ReprintDetector.findInside(text, at: index) { add(found) }
        index += 3
      default: index = number(index)
      }
      index = ck_next_candidate(base, index, bytes.count)
    }
  }

  private mutating func line(_ start: Int) {
    guard start < text.bytes.count, text.bytes[start] != 0x0A else { return }
    // A notice begins with a mark, a blank, one of a few letters or a character from U+5000 on.
    let first = text.bytes[start]
    if first < 0xE2 && TextView.isWord(first) && !"ROTrot".utf8.contains(first) { return }
    if let found = ReprintDetector.findLine(text, lineStart: start) { add(found) }
  }

  /// Asks the number detectors at the first digit of a run; returns where to go on.
  private mutating func number(_ start: Int) -> Int {
    var end = start + 1
    while end < text.bytes.count, TextView.isDigit(text.bytes[end]) { end += 1 }
    let length = end - start
    let next = text.at(end)
    if length < 11 && !(length <= 3 && (next == 0x2E || next == 0x20 || next == 0x2D)) && length != 4 && length != 6 {
      return end
    }
    let before = text.at(start - 1)
    if TextView.isLetter(before) || before == 0x5F || (before == 0x2E && text.isDigit(at: start - 2)) { return end }
    guard let found = judge(start, length, next), allows(found) else { return end }
    add(found)
    return max(end, found.end)
  }

  private func judge(_ start: Int, _ length: Int, _ next: UInt8) -> Finding? {
    if length <= 3 && next == 0x2E { return settings.ipv4 ? IPv4Detector.find(text, start) : nil }
    if settings.identityCard, let found = IdentityCardDetector.find(text, start, length) { return found }
    if settings.bankCard, let found = BankCardDetector.find(text, start, length) { return found }
    return settings.phone ? MobileDetector.find(text, start, length, needsWord: isCode) : nil
  }

  /// In code a number is masked only inside strings and comments, and but for addresses only near a word that names it.
  private func allows(_ found: Finding) -> Bool {
    guard isCode else { return true }
    guard CodeContext.isLiteral(text, at: found.start) else { return false }
    switch found.kind {
    case .identityCard: return text.mentions(IdentityCardDetector.words, before: found.start, reach: 60)
    case .bankCard: return text.mentions(BankCardDetector.words, before: found.start, reach: 60)
    default: return true
    }
  }

  /// Later findings win over earlier ones they overlap, notices over what they contain.
  private mutating func add(_ found: Finding) {
    if let last = findings.last, last.kind == .reprint, found.start < last.end { return }
    while let last = findings.last, last.end > found.start { findings.removeLast() }
    findings.append(found)
  }
}
