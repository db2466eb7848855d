import CKernels

/// One pass over the bytes that stops only where something can begin, and asks the detectors there.
struct CandidateScan {
  private let text: TextView
  private let settings: RedactSettings
  private let isCode: Bool
  private(set) var findings: [Finding] = []
  /// Digits before this place were judged already.
  private var judgedTo = 0

  /// What the first pass looks for besides shapes.
  private static let search = LiteralSearch([
    (.reprint, ReprintDetector.words + ReprintDetector.englishWords),
    (.notice, NoticeDetector.words + NoticeDetector.englishWords),
    (.secretPrefix, SecretDetector.prefixes), (.secretWord, AssignedSecretDetector.words),
    (.account, AccountDetector.words), (.phoneWord, InternationalPhoneDetector.words),
    (.references, ReferenceDetector.words), (.shareBar, ShareBar.words),
  ])

  init(_ text: TextView, _ settings: RedactSettings, isCode: Bool) {
    self.text = text
    self.settings = settings
    self.isCode = isCode
  }

  mutating func run() {
    guard let base = text.bytes.baseAddress else { return }
    let table = CandidateScan.search.table
    withUnsafeTemporaryAllocation(of: ck_candidate.self, capacity: 512) { buffer in
      var from = 0
      while from < text.count {
        let count = ck_candidates(base, from, text.count, table, buffer.baseAddress!, buffer.count, &from)
        for candidate in buffer[..<count] { judge(candidate) }
      }
    }
  }

  private mutating func judge(_ candidate: ck_candidate) {
    let place = Int(candidate.place)
    if let last = findings.last, place < last.end { return }
    let shapes = Int(candidate.shapes)
    if shapes & CK_LITERAL != 0 { literal(place) }
    if shapes == CK_LITERAL { return }
    if shapes & CK_AT != 0 { mail(place) }
    if shapes & CK_COLONS != 0 { colons(place) }
    if shapes & CK_CODE != 0 { code(place) }
    if shapes & CK_PLATE != 0, settings.plate, let found = PlateDetector.find(text, letter: place) {
      add(found)
    }
    if shapes & CK_DOTTED != 0, settings.ipv4 {
      if let found = IPv4Detector.find(text, text.startOfDigits(holding: place - 1)) { add(found) }
    }
    if shapes & CK_NUMBER != 0 { number(place) }
  }

  private mutating func mail(_ sign: Int) {
    if settings.credential, let found = CredentialDetector.find(text, at: sign) {
      add(found)
    } else if settings.email, let found = EmailDetector.find(text, at: sign) {
      add(found)
    }
  }

  private mutating func colons(_ place: Int) {
    let isStart = IPv6Detector.isHex(text.at(place)) || text.at(place + 1) == 0x3A
    if settings.mac, let found = MACDetector.find(text, mark: isStart ? place + 2 : place) {
      add(found)
    } else if settings.ipv6, isStart, let found = IPv6Detector.find(text, place) {
      add(found)
    }
  }

  private mutating func code(_ place: Int) {
    if settings.companyCode, let found = CompanyCodeDetector.find(text, place) {
      add(found)
    } else if settings.iban, let found = IBANDetector.find(text, place) {
      add(found)
    }
  }

  /// Adds a finding that source code allows, over earlier ones that it overlaps; notices win over what they contain.
  private mutating func add(_ found: Finding) {
    var found = found
    if isCode {
      found.isLiteral = CodeContext.isLiteral(text, at: found.start)
      guard CodeContext.allows(text, found) else { return }
    }
    if let last = findings.last, last.kind.isBoilerplate, found.start < last.end { return }
    while let last = findings.last, last.end > found.start { findings.removeLast() }
    findings.append(found)
  }
}

// MARK: Numbers

extension CandidateScan {
  /// Asks the number detectors at the runs of digits that may be one number with the one at `place`, from the first.
  private mutating func number(_ place: Int) {
    if text.at(place) == UInt8(ascii: "+") {
      guard settings.phone, place >= judgedTo else { return }
      if !isCode || CodeContext.isLiteral(text, at: place), let found = plusNumber(place) {
        add(found)
        judgedTo = found.end
      }
      return
    }
    guard place >= judgedTo else { return }
    let own = text.startOfDigits(holding: place)
    var start = own
    for _ in 0..<4 {
      guard let before = runBefore(start), before >= judgedTo else { break }
      start = before
    }
    while start <= own {
      let end = text.endOfDigits(from: start)
      if let found = judge(start, end - start) {
        add(found)
        judgedTo = max(end, found.end)
        return
      }
      judgedTo = end
      guard let next = runAfter(end), next <= own else { return }
      start = next
    }
  }

  /// The start of a run of at most 12 digits that one separator or a parenthesis parts from the one at `start`.
  private func runBefore(_ start: Int) -> Int? {
    var place = start - 1
    if text.at(place) == 0x20 || text.at(place) == 0x2D || text.at(place) == 0x2E { place -= 1 }
    if text.at(place) == UInt8(ascii: ")") { place -= 1 }
    if place >= 2, text.has("）", at: place - 2) { place -= 3 }
    guard place < start - 1, text.isDigit(at: place) else { return nil }
    let first = text.startOfDigits(holding: place)
    return place - first < 12 ? first : nil
  }

  /// The start of the run behind the one that ends at `end`.
  private func runAfter(_ end: Int) -> Int? {
    var place = end
    while place - end < 5, !text.isDigit(at: place) { place += 1 }
    return text.isDigit(at: place) ? place : nil
  }

  private func plusNumber(_ plus: Int) -> Finding? {
    if text.has("86", at: plus + 1) {
      var place = plus + 3
      if text.at(place) == 0x20 || text.at(place) == 0x2D { place += 1 }
      let end = text.endOfDigits(from: place)
      if let found = MobileDetector.find(text, place, end - place, needsWord: false) { return found }
      if let found = MobileDetector.find(text, plus + 1, text.endOfDigits(from: plus + 1) - plus - 1, needsWord: false)
      {
        return found
      }
    }
    return InternationalPhoneDetector.findAfterPlus(text, plus: plus)
  }

  private func judge(_ start: Int, _ length: Int) -> Finding? {
    let before = text.at(start - 1)
    if TextView.isLetter(before) || before == 0x5F || (before == 0x2E && text.isDigit(at: start - 2)) { return nil }
    if settings.identityCard, let found = IdentityCardDetector.find(text, start, length) { return found }
    if settings.bankCard, let found = BankCardDetector.find(text, start, length) { return found }
    if settings.phone {
      if let found = MobileDetector.find(text, start, length, needsWord: isCode) { return found }
      if let found = LandlineDetector.find(text, start, length, needsWord: isCode) { return found }
      if let found = InternationalPhoneDetector.findAmerican(text, start, length, needsWord: isCode) { return found }
    }
    return settings.socialSecurity ? SocialSecurityDetector.find(text, start, length) : nil
  }
}

// MARK: Words

extension CandidateScan {
  private mutating func literal(_ place: Int) {
    // At most one detector finds something at one place: the first that does is believed.
    var found: Finding?
    CandidateScan.search.forEachMatch(text, at: place) { family, start, end in
      if found == nil { found = find(family, start, end) }
    }
    if let found { add(found) }
  }

  private func find(_ family: LiteralFamily, _ start: Int, _ end: Int) -> Finding? {
    switch family {
    case .secretPrefix: return settings.secret ? SecretDetector.find(text, start) : nil
    case .secretWord:
      return settings.secret ? AssignedSecretDetector.find(text, word: start, end, isCode: isCode) : nil
    case .account:
      let found = AccountDetector.find(text, word: start, isCode: isCode)
      return found.flatMap { settings.looksFor($0.kind) ? $0 : nil }
    case .phoneWord: return settings.phone ? InternationalPhoneDetector.findAfterWord(text, word: start, end) : nil
    case .reprint: return settings.reprint && !isCode ? ReprintDetector.find(text, word: start) : nil
    case .notice: return settings.notice && !isCode ? NoticeDetector.find(text, word: start) : nil
    case .shareBar: return settings.notice && !isCode ? ShareBar.find(text, word: start) : nil
    case .references: return settings.references && !isCode ? ReferenceDetector.find(text, word: start, end) : nil
    case .announcer, .title, .houseNumber: return nil
    }
  }
}
