import Blocks
import Dispatch
import Fixtures
import Posix
import Testing

/// A trainer begins a block while an agent withdraws it, in every order in which their steps can fall.
@Suite struct BlockClaimTests {
  /// Each bit of a number says whose step is next; ten steps are more than both take together until they have decided.
  private static let steps = 10

  @Test func neverAreBothDoneAndOneOfThemAlways() throws {
    let bench = try ClaimBench()
    var outcomes: [String: Int] = [:]
    for order in 0..<(1 << Self.steps) {
      for death in AgentDeath.allCases {
        let end = try bench.play(order, steps: Self.steps, death, trainerLooks: true)
        #expect(end.isBegun != end.isWithdrawn, "order \(order), \(death): \(end)")
        #expect(end.isPublished != end.isWithdrawn, "order \(order), \(death): \(end)")
        #expect(end.isWithdrawn ? end.claimed < 3 : end.claimed == 3, "order \(order), \(death): \(end)")
        outcomes[end.isBegun ? end.tookBack ? "begun at the second try" : "begun" : "withdrawn", default: 0] += 1
      }
    }
    // Every way that it can go was gone.
    #expect(outcomes.count == 3, "\(outcomes)")
  }

  /// The test can fail: without the trainer's second look some order lets both go on.
  @Test func aTrainerThatDoesNotLookAgainIsCaught() throws {
    let bench = try ClaimBench()
    let both = try (0..<(1 << Self.steps)).filter { order in
      let end = try bench.play(order, steps: Self.steps, .never, trainerLooks: false)
      return end.isBegun && end.isWithdrawn
    }
    #expect(!both.isEmpty)
  }
}

/// Where the agent dies, to be started again at once.
enum AgentDeath: CaseIterable { case never, beforeTheRename, beforeThePutBack, beforeTheNote }

private struct Died: Error {}

/// Lets two threads run one step at a time, in an order that is given.
private final class Turns: Sendable {
  private let go = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
  private let came = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]

  /// Called by a party before each of its steps.
  func gate(_ party: Int) {
    came[party].signal()
    go[party].wait()
  }

  /// Called by a party at its end: it takes part no longer.
  func leave(_ party: Int) { came[party].signal() }

  func arrive(_ party: Int) { came[party].wait() }
  func step(_ party: Int) { go[party].signal() }
}

/// What both see of each other beside the folder. Only one thread runs at a time.
private final class Desk: @unchecked Sendable {
  var claimed = 2
  var isBegun = false
  var tookBack = false
  var isWithdrawn = false
  var isOver = [false, false]
  var death: AgentDeath
  let trainerLooks: Bool

  init(_ death: AgentDeath, trainerLooks: Bool) {
    self.death = death
    self.trainerLooks = trainerLooks
  }
}

/// The agent's folder: each of its renames is a step, and one of them may be its last.
private final class GatedAgent: PublishPermit, @unchecked Sendable {
  let turns: Turns
  let desk: Desk
  var renames = 0

  init(_ turns: Turns, _ desk: Desk) {
    self.turns = turns
    self.desk = desk
  }

  func refusal() -> SystemError? {
    turns.gate(0)
    renames += 1
    let last: AgentDeath = renames == 1 ? .beforeTheRename : .beforeThePutBack
    guard desk.death == last else { return nil }
    desk.death = .never
    return SystemError("died", "")
  }
}

private struct ClaimBench {
  struct End: CustomStringConvertible {
    let isBegun, isWithdrawn, isPublished, tookBack: Bool
    let claimed: Int

    var description: String {
      "begun \(isBegun), withdrawn \(isWithdrawn), published \(isPublished), claimed \(claimed)"
    }
  }

  private static let name = BlockName(number: 3)
  private let scratch: Scratch
  private let manifest: BlockManifest
  private let bytes: [UInt8]

  init() throws {
    scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 3)
    manifest = try BlockManifest.read(scratch.directory, 3)
    bytes = try scratch.directory.read(ClaimBench.name.manifest)
  }

  func play(_ order: Int, steps: Int, _ death: AgentDeath, trainerLooks: Bool) throws -> End {
    for name in try scratch.directory.names() { try scratch.directory.remove(name) }
    try scratch.directory.replaceFile(ClaimBench.name.manifest, with: bytes, durable: false)
    let turns = Turns()
    let desk = Desk(death, trainerLooks: trainerLooks)
    let folder = scratch.directory
    let guarded = try folder.guarded(by: GatedAgent(turns, desk))
    let manifest = manifest
    DispatchQueue.global().async { ClaimBench.agent(guarded, turns, desk) }
    DispatchQueue.global().async { ClaimBench.trainer(folder, manifest, turns, desk) }
    for party in 0...1 { turns.arrive(party) }
    var schedule = (0..<steps).map { order >> $0 & 1 }[...]
    while !desk.isOver[0] || !desk.isOver[1] {
      let wanted = schedule.popFirst() ?? 0
      let party = desk.isOver[wanted] ? 1 - wanted : wanted
      turns.step(party)
      turns.arrive(party)
    }
    return End(
      isBegun: desk.isBegun, isWithdrawn: desk.isWithdrawn,
      isPublished: try BlockClaim.isPublished(manifest, in: folder), tookBack: desk.tookBack, claimed: desk.claimed)
  }

  private static func agent(_ folder: Directory, _ turns: Turns, _ desk: Desk) {
    turns.gate(0)
    func look() -> Int? {
      turns.gate(0)
      return desk.claimed
    }
    func note() throws(SystemError) {
      turns.gate(0)
      if desk.death == .beforeTheNote {
        desk.death = .never
        throw SystemError("died", "")
      }
      desk.isWithdrawn = true
    }
    do throws(SystemError) {
      _ = try BlockClaim.withdraw(name, in: folder, claimedThrough: look, note: note)
    } catch {
      // The next start.
      if (try? BlockRemoval.isHidden(name, in: folder)) == true {
        _ = try? BlockClaim.settle(name, in: folder, claimedThrough: look, note: note)
      }
    }
    desk.isOver[0] = true
    turns.leave(0)
  }

  private static func trainer(_ folder: Directory, _ manifest: BlockManifest, _ turns: Turns, _ desk: Desk) {
    turns.gate(1)
    // It comes again as long as the block is there, or the agent has not decided.
    while !desk.isWithdrawn && !desk.isBegun {
      turns.gate(1)
      guard (try? BlockClaim.isPublished(manifest, in: folder)) == true else { continue }
      func publish(_ number: Int) throws(SystemError) {
        turns.gate(1)
        desk.claimed = number
        turns.gate(1)
      }
      let isMine = (try? BlockClaim.begin(manifest, in: folder, claimed: 2, publish: publish)) ?? false
      if isMine || !desk.trainerLooks {
        turns.gate(1)
        desk.isBegun = true
      } else {
        desk.tookBack = true
      }
    }
    desk.isOver[1] = true
    turns.leave(1)
  }
}
