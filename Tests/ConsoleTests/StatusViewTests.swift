import Bytes
import Console
import Fixtures
import Glibc
import Posix
import Spool
import Testing

/// A spool in a folder of its own, gone with the value.
private struct TemporarySpool {
  let layout: SpoolLayout
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    layout = try SpoolLayout(scratch.directory.path)
  }

  func record(_ file: Path, _ json: String) throws {
    try layout.status.replaceFile(file, with: Array(json.utf8), durable: false)
  }
}

private let agent = """
  {"state": "working", "message": "batch 3", "time": "2026-11-21T10:00:00Z",
   "sources": {"web": {"in": 10, "kept": 6, "duplicate": 2, "superseded": 1, "filtered": 1, "contaminated": 0, "rejected": 0},
               "书": {"in": 1, "kept": 1}},
   "blocks": {"ready": 4, "next": 5},
   "supply": {"zh": {"available": 120, "missing": 30}, "en": {"available": 7, "missing": 0}},
   "not_taken": [{"file": "web/a.txt", "because": "it is open", "seconds": 61}], "not_taken_count": 8,
   "watcher": "polling (--no-inotify)"}
  """
private let trainer = """
  {"state": "training", "lineage": 1, "step": 70, "tokens": 286720, "block": 4, "claimed_through": 4, "loss": 3.14159,
   "tokens_per_s": 1234.6, "block_share": 0.25}
  """

@Suite struct StatusViewTests {
  @Test func beforeAnythingRan() throws {
    let spool = try TemporarySpool()
    let lines = StatusView(spool.layout).text(bars: true).split(separator: "\n")
    #expect(lines == ["agent", "trainer", "evaluator"].map { "\($0): never ran on this spool" })
    #expect(StatusView(spool.layout).json() == Array("{}\n".utf8))
  }

  @Test func recorded() throws {
    let spool = try TemporarySpool()
    try spool.record("agent.json", agent)
    try spool.record("trainer.json", trainer)
    try spool.record("evaluator.json", #"{"state":"idle","done":3,"pending":2}"#)
    let expected = """
      agent: working - batch 3  (2026-11-21T10:00:00Z)
        web: in 10, kept 6, duplicate 2, superseded 1, filtered 1, contaminated 0, rejected 0
        书: in 1, kept 1, duplicate 0, superseded 0, filtered 0, contaminated 0, rejected 0
        blocks: 4 ready, next is 5
        supply of zh: 120 tokens, 30 more for the next block
        supply of en: 7 tokens
        files are noticed by polling (--no-inotify)
        not taken for 61 s: web/a.txt because it is open
        and 7 more are not taken: pretraind why NAME tells of each
      trainer: training
        lineage 1, step 70, block 4, 286720 tokens eaten, loss 3.142, 1234 tokens/s
        [##########..............................] 25 %
      evaluator: idle
        3 results, 2 to go
      """
    #expect(StatusView(spool.layout).text(bars: true) == expected)
    #expect(!StatusView(spool.layout).text(bars: false).contains("#"))
    let json = try JSONParser.parse(StatusView(spool.layout).json())
    #expect(json["agent"]?["blocks"]?["next"]?.integer == 5)
    #expect(json["trainer"]?["step"]?.integer == 70)
    #expect(json["evaluator"]?["done"]?.integer == 3)
  }

  /// A status that is not what we write is no reason to fall.
  @Test(arguments: [
    "", "not json", "[]", "{}", #"{"state":7,"sources":[],"supply":3}"#,
    #"{"loss":null,"step":"x","tokens_per_s":null}"#,
  ])
  func otherContentDoesNotCrash(_ text: String) throws {
    let spool = try TemporarySpool()
    for file in ["agent.json", "trainer.json", "evaluator.json"] as [Path] { try spool.record(file, text) }
    #expect(StatusView(spool.layout).text(bars: true).hasPrefix("agent:"))
    #expect(StatusMetrics.text(spool.layout).last == 0x0A)
    #expect(throws: Never.self) { try JSONParser.parse(StatusView(spool.layout).json()) }
  }

  @Test func metrics() throws {
    let spool = try TemporarySpool()
    #expect(StatusMetrics.text(spool.layout) == Array("\n".utf8))
    try spool.record("agent.json", agent)
    try spool.record("trainer.json", trainer)
    try spool.record("evaluator.json", #"{"state":"idle","done":3,"pending":2,"broken":{"ppl/a":{}},"failed":[]}"#)
    let lines = Set(
      String(decoding: StatusMetrics.text(spool.layout), as: UTF8.self).split(separator: "\n").map(String.init))
    for line in [
      "# HELP pretraind_agent_source_documents documents of a source by what became of them",
      "# TYPE pretraind_agent_source_documents gauge",
      "pretraind_agent_source_documents{source=\"web\",state=\"kept\"} 6",
      "pretraind_agent_source_documents{source=\"书\",state=\"in\"} 1", "pretraind_agent_blocks_ready 4",
      "pretraind_agent_status_time_seconds 1795255200", "pretraind_agent_state{state=\"working\"} 1",
      "pretraind_agent_missing_tokens{channel=\"zh\"} 30", "pretraind_agent_not_taken_files 8",
      "pretraind_trainer_loss_nats 3.14159", "pretraind_trainer_tokens_per_second 1234.6",
      "pretraind_trainer_block_ratio 0.25", "pretraind_evaluator_pending_results 2",
      "pretraind_evaluator_broken_suites 1", "pretraind_evaluator_failed_results 0",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(!lines.contains { $0.contains("agent_text_bytes") }, "what is not known is left out")
  }

  @Test func labelsAreEscaped() throws {
    let spool = try TemporarySpool()
    try spool.record("agent.json", #"{"rules":{"a\"b\\c\nd": 1}}"#)
    let text = String(decoding: StatusMetrics.text(spool.layout), as: UTF8.self)
    #expect(text.contains(#"pretraind_agent_rule_documents{rule="a\"b\\c\nd"} 1"# + "\n"), "\(text)")
  }

  @Test(arguments: [
    (0.0, "[..........] 0 %"), (0.5, "[#####.....] 50 %"), (1.0, "[##########] 100 %"), (1.7, "[##########] 100 %"),
    (-1, "[..........] 0 %"),
  ])
  func bars(_ share: Double, _ expected: String) { #expect(ProgressBar.line(share: share, width: 10) == expected) }
}

@Suite struct SpoolReadmeTests {
  @Test func everyFolderOfASpoolHasOne() throws {
    let spool = try TemporarySpool()
    try SpoolReadme.write(spool.layout)
    for folder in try spool.layout.root.names() {
      let name: Path = folder == "incoming" ? ".README" : "README"
      let text = String(decoding: try spool.layout.root.open(folder).read(name), as: UTF8.self)
      #expect(text.count > 40 && text.hasSuffix("\n"), "\(folder)")
    }
  }

  /// What is written for people is no document and no request.
  @Test func nobodyTakesThem() throws {
    let spool = try TemporarySpool()
    try SpoolReadme.write(spool.layout)
    #expect(IncomingScan(spool.layout.incoming).files.isEmpty)
    let folder = try ControlFolder(layout: spool.layout, role: .agent)
    #expect(try folder.poll().isEmpty)
    #expect(spool.layout.control.exists("README"))
  }

  @Test func whatAPersonWroteStays() throws {
    let spool = try TemporarySpool()
    try spool.layout.blocks.replaceFile("README", with: Array("mine".utf8))
    try SpoolReadme.write(spool.layout)
    #expect(try spool.layout.blocks.read("README") == Array("mine".utf8))
  }
}
