/// Which kept document has a URL; channels never meet.
struct AddressIndex {
  private let isUsed: Bool
  /// The keys of documents that have a URL, for they are judged again without their records.
  private var keys: [UInt32: UInt64] = [:]
  private var holders: [UInt64: UInt32] = [:]

  init(isUsed: Bool) { self.isUsed = isUsed }

  mutating func note(_ ordinal: UInt32, _ facts: DocumentFacts, channel: UInt8) {
    guard isUsed, facts.addressKey != 0 else { return }
    keys[ordinal] = facts.addressKey ^ UInt64(channel) &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func forget(_ ordinal: UInt32) { keys[ordinal] = nil }

  /// Kept from now on. One that held the URL before is superseded by that, or was in other ways.
  mutating func enter(_ ordinal: UInt32) { if let key = keys[ordinal] { holders[key] = ordinal } }

  /// Who was kept last with this document's URL: it may have been superseded since.
  func holder(_ ordinal: UInt32) -> UInt32? { keys[ordinal].flatMap { holders[$0] } }
}
