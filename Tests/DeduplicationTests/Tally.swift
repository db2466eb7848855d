/// Labels against verdicts.
struct Tally {
  var found = 0
  var wrong = 0
  var missed = 0

  var precision: Double { Double(found) / Double(max(1, found + wrong)) }
  var recall: Double { Double(found) / Double(max(1, found + missed)) }

  mutating func count(isLabelled: Bool, isFound: Bool) {
    if isLabelled && isFound { found += 1 }
    if !isLabelled && isFound { wrong += 1 }
    if isLabelled && !isFound { missed += 1 }
  }

  var line: String { "precision \(precision), recall \(recall) (\(found) found, \(wrong) wrong, \(missed) missed)" }
}
