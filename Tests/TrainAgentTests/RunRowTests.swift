import Bytes
import Journal
import Posix
import Spool
import Testing
import TrainAgent
import Training

/// The rows P of docs/SPOOL.md: what `check` says of these files, and that the trainer's start does it.
@Suite struct RunRowTests {
  /// Two blocks trained to their end.
  private static func trained() throws -> Spool {
    let spool = try Spool()
    for block in 0..<2 { try spool.publish(block) }
    try spool.train()
    return spool
  }

  private static func found(_ spool: Spool) throws -> [String] {
    var check = TrainerCheck(spool.layout.root, run: "main")
    return try check.look().list.map { "\($0.row) \($0.action.rawValue)" }
  }

  /// Checked, started, at rest with the same weights.
  private static func hold(_ spool: Spool, _ finding: String, weights: String) throws {
    #expect(try found(spool) == [finding])
    try spool.train()
    #expect(try found(spool) == [])
    #expect(spool.weights() == weights)
  }

  private static func refused(_ spool: Spool, _ finding: String, _ words: String) throws {
    #expect(try found(spool) == [finding])
    let error = #expect(throws: TrainFailure.self) { try spool.train() }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  private static func flip(_ spool: Spool, _ file: String) throws {
    let path = Path(file)
    let folder = try spool.layout.root.open(path.parent)
    var bytes = try folder.read(path.name)
    bytes[bytes.count / 2] ^= 1
    try folder.replaceFile(path.name, with: bytes)
  }

  private static func headBefore(_ spool: Spool) throws {
    let run = try spool.layout.run("main")
    try run.replaceFile(Head.file, with: try run.read(Head.previousFile))
  }

  @Test("P1: what was not finished goes")
  func unfinished() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try spool.layout.checkpoints.make("g0000/.part-00009.tmp").replaceFile("model.safetensors", with: [1])
    let weights = spool.weights()
    try Self.hold(spool, "P1 removed", weights: weights)
    #expect(!spool.checkpoints("g0000").contains(".part-00009.tmp"))
  }

  @Test("P2: published, HEAD older: HEAD moves")
  func published() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let weights = spool.weights()
    try Self.headBefore(spool)
    try Self.hold(spool, "P2 adopted", weights: weights)
    #expect(spool.head?["checkpoint"]?.string == "g0000/part-00001")
  }

  @Test("P2: published, no HEAD at all: HEAD is made")
  func publishedFirst() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let weights = spool.weights()
    try spool.layout.run("main").remove(Head.file)
    try Self.hold(spool, "P2 adopted", weights: weights)
  }

  @Test("P3: planned, not published: the same state is made again")
  func planned() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let weights = spool.weights()
    try Self.headBefore(spool)
    try spool.layout.checkpoints.removeAll("g0000/part-00001")
    try Self.hold(spool, "P3 made again", weights: weights)
  }

  @Test("P4: an unreadable HEAD is refused")
  func unreadableHead() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try spool.layout.run("main").replaceFile(Head.file, with: Array("{}".utf8))
    try Self.refused(spool, "P4 refused", "HEAD.prev.json")
  }

  @Test("P5: without HEAD nothing is guessed")
  func noHead() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let run = try spool.layout.run("main")
    try run.remove(Head.file)
    try run.remove(Ledger.file)
    try Self.refused(spool, "P5 refused", "HEAD.json is missing")
  }

  @Test("P6: a damaged checkpoint under HEAD is refused")
  func damagedHead() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try Self.flip(spool, "checkpoints/g0000/part-00001/model.safetensors")
    try Self.refused(spool, "P6 refused", "model.safetensors")
  }

  private static func planRollback(_ spool: Spool) throws {
    let ledger = try Ledger(in: try spool.layout.run("main"))
    var position = TrainingPosition()
    position.step = 6
    try ledger.append(
      .rollbackPlanned, position,
      [
        JSONMember("request", .integer(1)), JSONMember("from_lineage", .integer(0)),
        JSONMember("new_lineage", .integer(1)), JSONMember("target", .string("g0000/part-00000")),
      ])
  }

  @Test("P7: a rollback that was decided is carried out")
  func decidedRollback() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let weights = spool.weights()
    try Self.planRollback(spool)
    try Self.hold(spool, "P7 finished", weights: weights)
    #expect(spool.head?["checkpoint"]?.string == "g0001/part-00001")
    #expect(spool.head?["forks"]?.array?.count == 1)
  }

  @Test("P8: a rollback that happened is recorded")
  func unrecordedRollback() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try Self.planRollback(spool)
    try spool.train()
    let weights = spool.weights()
    let run = try spool.layout.run("main")
    var chain = JournalChain()
    let kept = try Ledger.peek(in: run).records.filter { $0.kind != .rollback }
    try run.replaceFile(Ledger.file, with: kept.flatMap { chain.seal(JSONWriter.compact($0.json)) })
    try Self.hold(spool, "P8 adopted", weights: weights)
    #expect(try Ledger.peek(in: run).records.filter { $0.kind == .rollback }.count == 1)
    #expect(spool.head?["forks"]?.array?.count == 1, "not done twice")
  }

  @Test("P9: a torn last line of the ledger is cut")
  func tornLedger() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let run = try spool.layout.run("main")
    try run.replaceFile(Ledger.file, with: try run.read(Ledger.file) + Array("{\"kind\":\"st".utf8))
    let weights = spool.weights()
    try Self.hold(spool, "P9 removed", weights: weights)
  }

  @Test("P10: damage inside the ledger is refused")
  func damagedLedger() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try Self.flip(spool, "runs/main/ledger.jsonl")
    try Self.refused(spool, "P10 refused", "cut it at byte")
  }

  @Test("P11: damage in another checkpoint stops nobody who does not need it")
  func damagedHistory() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try Self.flip(spool, "checkpoints/g0000/part-00000/optimizer.safetensors")
    #expect(try Self.found(spool) == ["P11 refused"])
    try spool.train()
  }

  @Test("P12: at rest nothing is done")
  func atRest() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    let head = spool.head
    #expect(try Self.found(spool) == [])
    try spool.train()
    #expect(spool.head == head)
  }

  @Test("P13: a folder that is no checkpoint stays and is told; so is a file that no COMMIT.json names")
  func noCheckpoint() throws {
    let spool = try Self.trained()
    defer { spool.remove() }
    try spool.layout.checkpoints.make("g0000/part-00009").replaceFile("model.safetensors", with: [1])
    try spool.layout.checkpoints.open("g0000/part-00000").replaceFile("notes.txt", with: [1])
    #expect(try Self.found(spool) == ["S2 left", "P13 left"])
    let weights = spool.weights()
    try spool.train()
    #expect(try Self.found(spool) == ["S2 left", "P13 left"])
    #expect(spool.weights() == weights)
  }
}
