import Decontamination

/// The suites as they are looked for now, with the numbers that the journal gave their items.
struct Sieve: Sendable {
  let rule: ContaminationRule
  /// By source: the number of its first item.
  let first: [Int]

  /// The number of the item that a text holds; nil = none.
  func judge(_ text: [UInt8]) -> UInt32? { rule.judge(text).map { UInt32(first[$0.source] + $0.item) } }
}
