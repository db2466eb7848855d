import CKernels

/// A second pass for names and addresses, which have no pattern: it runs only when one of them is asked for.
struct NameScan {
  private let text: TextView
  private let settings: RedactSettings

  init(_ text: TextView, _ settings: RedactSettings) {
    self.text = text
    self.settings = settings
  }

  private static let search = LiteralSearch([
    (.announcer, ChineseNameDetector.announcers), (.title, ChineseNameDetector.titles), (.houseNumber, ["号", "號"]),
  ])

  /// Findings in order of their start, none overlapping another.
  func findings() -> [Finding] {
    var found: [Finding] = []
    if settings.nameChinese || settings.address { scanChinese(&found) }
    if settings.nameEnglish || settings.address { scanEnglish(&found) }
    guard found.count > 1 else { return found }
    found.sort { ($0.start, -$0.end) < ($1.start, -$1.end) }
    var kept: [Finding] = []
    for next in found where next.start >= (kept.last?.end ?? 0) { kept.append(next) }
    return kept
  }

  private func scanChinese(_ found: inout [Finding]) {
    guard let base = text.bytes.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: ck_candidate.self, capacity: 256) { buffer in
      var from = 0
      let table = NameScan.search.table
      while from < text.count {
        let count = ck_candidates(base, from, text.count, table, buffer.baseAddress!, buffer.count, &from)
        for candidate in buffer[..<count] where Int(candidate.shapes) & CK_LITERAL != 0 {
          NameScan.search.forEachMatch(text, at: Int(candidate.place)) { family, start, end in
            if let one = find(family, start, end) { found.append(one) }
          }
        }
      }
    }
  }

  private func find(_ family: LiteralFamily, _ start: Int, _ end: Int) -> Finding? {
    switch family {
    case .announcer: settings.nameChinese ? ChineseNameDetector.find(text, announcer: start, end) : nil
    case .title: settings.nameChinese ? ChineseNameDetector.find(text, title: start) : nil
    case .houseNumber: settings.address ? ChineseAddressDetector.find(text, mark: start) : nil
    default: nil
    }
  }

  private func scanEnglish(_ found: inout [Finding]) {
    let given = GivenNames.english
    var before: UInt8 = 0
    var index = 0
    while index < text.count {
      let byte = text.bytes[index]
      if !TextView.isAlphanumeric(before) {
        if TextView.isCapital(byte), settings.nameEnglish {
          if let name = EnglishNameDetector.find(text, index, given) { found.append(name) }
        } else if TextView.isDigit(byte), settings.address, let address = EnglishAddressDetector.find(text, index) {
          found.append(address)
        }
      }
      before = byte
      index += 1
    }
  }
}
