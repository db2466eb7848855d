import Bytes
import Filtering
import Posix
import Spool
import Testing

@testable import DataAgent

/// A rule that removes one kind of text out of proportion, in an agent that runs.
@Suite struct BiasTests {
  private let overrides = [
    "clean.enabled=true", "clean.bias_documents=20", "clean.bias_share=0.2", "dedupe.enabled=false",
  ]
  private let notice: Path = "filtered/en_short/bias-en-latin.json"

  /// Half of the documents are too short for `en_short`.
  private func drop(_ spool: TestSpool) throws {
    try spool.drop(
      "web/a.jsonl",
      (0..<40).map { index in
        if index % 2 == 0 { return "Page \(index) was not found, please try again." }
        return
          "The \(index)th of the many letters that were found in the old house told of a journey to the north, and of "
          + "the people who had come back from it with nothing but a few coins and this story number \(index * 7)."
      })
  }

  @Test func aWarningIsWrittenWithSamplesAndTheBatchGoesOn() throws {
    let spool = try TestSpool()
    try drop(spool)
    try spool.run(flush: false, overrides)
    let told = try spool.json(notice)
    #expect(told["rule"]?.string == "en_short" && told["script"]?.string == "latin")
    #expect(told["samples"]?.array?.isEmpty == false)
    #expect(try spool.counts("web")["filtered"] == 20)
    #expect(try spool.status["rules"]?["en_short"]?.integer == 20)
    #expect(try spool.status["alerts"]?.array?.contains { $0.string?.contains("en_short") == true } == true)
    // Told once: the next start does not tell it again.
    try spool.layout.root.remove(notice)
    try spool.run(flush: false, overrides)
    #expect(!spool.layout.root.exists(notice))
  }

  @Test func aHeldBatchWaitsUntilTheNoticeIsGone() throws {
    let spool = try TestSpool()
    try drop(spool)
    let path = spool.layout.root.path
    let notice = notice
    try ServiceThread.start("test user") {
      guard let layout = try? SpoolLayout(path) else { return }
      func status() -> JSONValue? { (try? layout.status.read("agent.json")).flatMap { try? JSONParser.parse($0) } }
      for _ in 0..<1000 where status()?["state"]?.string != "held" || !layout.root.exists(notice) { Clock.sleep(0.02) }
      let seen = "\(status()?["state"]?.string ?? "") \(status()?["documents"]?.integer ?? -1)"
      try? layout.root.replaceFile("seen", with: Array(seen.utf8))
      try? layout.root.remove(notice)
    }
    try spool.run(flush: false, overrides + ["clean.bias=hold"])
    #expect(try String(decoding: spool.layout.root.read("seen"), as: UTF8.self) == "held 16")
    #expect(try spool.counts("web")["filtered"] == 20)
  }

  @Test func samplesMarkThePlace() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", [String(repeating: "The same old line of a page.\n", count: 30)])
    try spool.run(flush: false, ["clean.enabled=true"])
    let sample = try Self.sample(spool, "en_duplicate_lines")
    #expect(sample["signal"]?.string == "duplicateLineCharacterShare")
    #expect(sample["place"]?["offset"]?.integer == 29)
    #expect(sample["place"]?["excerpt"]?.string?.contains("The same old line") == true)
  }

  /// Of a rule with a pattern too, and `why` says the same.
  @Test func samplesMarkWhatAPatternMatches() throws {
    let rules = try RuleSet(
      Array(
        "{ rules: [{ name: \"made\", pattern: \"made by +a tool\", literal: \"tool\", canary: \"made by a tool\" }] }"
          .utf8),
      file: "rules.json5")
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", ["The first tool of all.\nThis page was made by  a tool, and nobody read it.\n"])
    try spool.run(flush: false, ["clean.enabled=true"], rules: rules)
    let sample = try Self.sample(spool, "made")
    #expect(sample["value"]?.number == 1 && sample["threshold"]?.number == 0)
    #expect(sample["place"]?["offset"]?.integer == 37 && sample["place"]?["length"]?.integer == 15)
    let history = try DocumentHistory(spool.layout, channels: spool.settings().channels, rules: rules)
    let lines = try history.explain(try #require(sample["id"]?.string))
    #expect(lines.contains { $0.contains("pattern shows at byte 37") }, "\(lines)")
  }

  private static func sample(_ spool: TestSpool, _ rule: Path) throws -> JSONValue {
    let lines = try spool.layout.filtered.read(rule / "sample.jsonl").split(separator: 0x0A)
    return try JSONParser.parse(Array(try #require(lines.first)))
  }
}
