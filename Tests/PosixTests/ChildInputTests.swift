import Glibc
import Testing

@testable import Posix

/// A child that is told more than a pipe holds, while it answers more than a pipe holds.
@Suite(.serialized) struct ChildInputTests {
  private static func start(_ script: String, silent: Double = 20) throws -> (LimitedChild, ChildInput) {
    signal(SIGPIPE, SIG_IGN)
    let (reading, input) = try ChildInput.make()
    let limits = ProcessLimits(memory: 1 << 30, processorSeconds: 20, silentSeconds: silent)
    return (try LimitedChild(["sh", "-c", script], input: reading, limits: limits), input)
  }

  private static func read(_ child: LimitedChild, _ input: ChildInput, until count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 10_000)
    while bytes.count < count {
      let count = try chunk.withUnsafeMutableBytes { try child.read(into: $0, telling: input) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  @Test func neitherWaitsForTheOther() throws {
    let (child, input) = try Self.start("cat")
    let told = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    for round in 1...2 {
      input.tell(told)
      #expect(try Self.read(child, input, until: told.count) == told, "round \(round)")
      #expect(!input.hasMore)
    }
  }

  @Test func aChildThatReadsNothingMoreTellsItsEnd() throws {
    let (child, input) = try Self.start("exec <&-; sleep 0.1; echo bye; exit 4")
    input.tell([UInt8](repeating: 0x41, count: 1_000_000))
    #expect(try Self.read(child, input, until: .max) == Array("bye\n".utf8))
    #expect(child.wait() == .exited(4))
  }

  @Test func itsEndOfInputComesWhenWeLetGo() throws {
    var (child, input): (LimitedChild, ChildInput?) = try Self.start("cat; echo over")
    input?.tell(Array("one\n".utf8))
    #expect(try Self.read(child, input!, until: 4) == Array("one\n".utf8))
    input = nil
    var chunk = [UInt8](repeating: 0, count: 100)
    let count = try chunk.withUnsafeMutableBytes { try child.read(into: $0) }
    #expect(Array(chunk[..<count]) == Array("over\n".utf8))
    #expect(child.wait() == .exited(0))
  }
}
