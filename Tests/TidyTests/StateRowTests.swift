import Posix
import Testing

/// docs/SPOOL.md says what every start does, row by row; each row has a test, each test of a row has its row.
@Suite struct StateRowTests {
  /// `F3` in the first column of a table.
  private static func rows(_ page: String) -> [String] {
    page.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("| ") else { return nil }
      let cell = line.dropFirst(2).prefix { $0 != " " }
      return isID(cell) ? String(cell) : nil
    }
  }

  static func isID(_ text: some StringProtocol) -> Bool {
    guard let letter = text.first, letter.isUppercase, letter.isASCII else { return false }
    return text.count > 1 && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// Ids in test names (`@Test("F1, F2: what holds"`) and tables of cases (`Row("F3", ...`).
  static func tested(_ source: String) -> [String] {
    var found: [String] = []
    for (start, end) in [("@Test(\"", ":"), ("Row(\"", "\"")] {
      for part in source.split(separator: start, omittingEmptySubsequences: false).dropFirst() {
        let names = part.prefix { $0 != "\n" && !end.contains($0) }
        let ids = names.split(separator: ",").map { $0.drop { $0 == " " } }
        if ids.allSatisfy({ isID($0) }) { found += ids.map(String.init) }
      }
    }
    return found
  }

  @Test func everyRowHasItsTestAndEveryTestItsRow() throws {
    let rows = Self.rows(try Repository.text("docs/SPOOL.md"))
    let tested = Set(try Repository.swift(in: "Tests").flatMap { Self.tested($0.text) })
    #expect(rows.count > 50)
    #expect(Set(rows).count == rows.count, "an id stands twice in docs/SPOOL.md")
    let untested = Set(rows).subtracting(tested).sorted()
    #expect(untested.isEmpty, "rows of docs/SPOOL.md without a test: \(untested)")
    let unknown = tested.subtracting(rows).sorted()
    #expect(unknown.isEmpty, "tests of rows that docs/SPOOL.md does not have: \(unknown)")
  }

  @Test func everyRowOfARecoveryTableHasAnId() throws {
    var inTable = false
    for line in try Repository.text("docs/SPOOL.md").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.contains("| found at the start |") {
        inTable = true
        #expect(line.hasPrefix("| row |"), "\(line)")
      } else if inTable, line.hasPrefix("| ") {
        #expect(Self.isID(line.dropFirst(2).prefix { $0 != " " }), "no id: \(line)")
      } else if !line.hasPrefix("|") {
        inTable = false
      }
    }
  }

  @Test func idsAreFoundWhereTheyAreUsed() {
    #expect(
      Self.tested("  @Test(\"F1, F2: so it is\", arguments: [1])\n  Row(\"B12\", .removed)") == ["F1", "F2", "B12"])
    #expect(Self.tested("@Test(\"says: something\") Row(x)") == [])
  }
}
