import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// `score.command`: what a program outside says of documents, and what its faults cost.
@Suite(.serialized) struct ScoreCommandTests {
  private let spool: TestSpool
  private let folder: Directory

  init() throws {
    Signals.install()
    spool = try TestSpool()
    folder = try spool.layout.root.make("outside")
  }

  /// A command whose `answer` is made of each question in `$line`; `begin` runs once, in a folder of the test's own.
  private func command(begin: String = ":", _ answer: String) throws -> [String] {
    let script = """
      cd '\(folder.path)'
      echo start >>starts
      \(begin)
      while IFS= read -r line; do
        [ -n "$line" ] || continue
        echo "$line" >>asked
        \(answer)
      done
      """
    try folder.replaceFile("judge.sh", with: Array(script.utf8))
    return ["score.command=sh '\(folder.path)/judge.sh'", "score.command_s=5"]
  }

  private func lines(_ name: Path) -> [[UInt8]] {
    ((try? folder.read(name)) ?? []).split(separator: 0x0A).map { Array($0) }
  }

  /// The documents as the corpus holds them.
  private func documents() throws -> [JSONValue] { try spool.lines().map { try JSONParser.parse($0) } }

  private static let judged =
    #"case $line in *" 7 1"*) s=0.125;; *) s=0.75;; esac; echo "{\"score\": $s, \"model\": \"m\"}""#

  @Test func scoresComeIntoTheRecordWithTheModel() throws {
    let prose = texts(150, seed: 7)
    try spool.drop("web/a.jsonl", prose)
    try spool.drop("code/x.c", Array(String(repeating: "int value(void) { return 1; }\n", count: 20).utf8))
    try spool.layout.incoming.open("code").replaceFile(".source.json5", with: Array("{channel: 'code'}".utf8))
    try spool.run(try command(Self.judged))
    let documents = try documents()
    #expect(documents.count == 151)
    for document in documents {
      let text = document["text"]?.string ?? ""
      if document["channel"]?.string == "code" {
        #expect(document["score"]?.number == 0.5 && document["scored_by"] == nil)
      } else {
        #expect(document["score"]?.number == (text.contains(" 7 1") ? 0.125 : 0.75), "\(text)")
        #expect(document["scored_by"]?.string == "m")
      }
    }
    #expect(lines("asked").count == 150, "each document once, no code")
    #expect(lines("starts").count == 1, "one child for all batches")
    #expect(try spool.status["scorer"]?["scored"]?.integer == 150)
  }

  @Test(arguments: [
    ("exit 3", "status 3"), ("kill -9 $$", "137"), ("echo nonsense", "no JSON"),
    (#"echo '{"score": 7}'"#, "0...1"), ("sleep 100", "gave nothing for 1 s"),
    (#"while :; do printf ' '; sleep 0.1; done"#, "took longer than score.command_s"),
    ("head -c 100000 /dev/zero | tr '\\0' x; sleep 100", "65536 bytes"),
    (#"echo '{"score": 0.1, "id": "0"}'"#, "in order"), ("echo 'out of memory' >&2; exit 1", "out of memory"),
  ])
  func itsFaultsCountAgainstItAlone(_ fault: String, _ told: String) throws {
    try spool.drop("web/a.jsonl", texts(70, seed: 8))
    // It fails at the tenth question of its first run.
    let words = try command(
      #"[ $(wc -l <starts) = 1 ] && [ $(wc -l <asked) = 10 ] && { \#(fault); }; echo '{"score": 0.75}'"#)
    try spool.run(words + ["score.command_s=1"])
    #expect(spool.said.contains { $0.contains("score.command") && $0.contains(told) }, "\(spool.said)")
    #expect(try documents().map { $0["score"]?.number } == [Double?](repeating: 0.75, count: 70))
    #expect(lines("starts").count == 2)
    #expect(try spool.counts("web")["rejected"] == 0)
    #expect(try spool.status["scorer"]?["trouble"] == .null)
  }

  /// What never works ends `--until-idle`; nothing is committed of it, and nothing is lost once it is mended.
  @Test func documentsWaitForACommandThatNeverWorks() throws {
    try spool.drop("web/a.jsonl", texts(20, seed: 9))
    let words = ["score.command=/nonexistent/scorer"]
    #expect(throws: CommandScorer.GaveUp.self) { try spool.run(words) }
    #expect(try spool.events("batch").isEmpty && spool.claimed.count == 1)
    #expect(spool.said.filter { $0.contains("score.command") }.count == 3)
    #expect(try spool.status["state"]?.string == "held")
    #expect(try spool.status["message"]?.string?.contains("status 127") == true)
    try spool.run(try command(#"echo '{"score": 0.75}'"#))
    #expect(try documents().map { $0["score"]?.number } == [Double?](repeating: 0.75, count: 20))
  }
}
