import Glibc
import Posix
import Testing

@testable import Spool

@Suite struct ControlSequenceTests {
  /// Several processes take numbers at the same time, end, begin anew; a flood's fast way and the slow one mixed.
  @Test func numbersAreNeverUsedTwiceBySeveral() async throws {
    let spool = try TemporarySpool()
    let seed = UInt64.random(in: 0..<1_000_000)
    print("numbers of several processes: seed \(seed)")
    let takers = 4
    let each = 300
    var all: [Int] = []
    try await withThrowingTaskGroup(of: [Int].self) { group in
      for taker in 0..<takers {
        let taken = try Directory(spool.layout.taken.path)
        let answers = try Directory(spool.layout.acknowledgements.path)
        group.addTask {
          var random = seed &+ UInt64(taker)
          var numbers: [Int] = []
          var sequence = ControlSequence(taken: taken, acknowledgements: answers)
          for _ in 0..<each {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            if random >> 60 == 0 { sequence = ControlSequence(taken: taken, acknowledgements: answers) }
            numbers.append(try sequence.next())
          }
          #expect(numbers == numbers.sorted())
          return numbers
        }
      }
      for try await numbers in group { all += numbers }
    }
    #expect(Set(all).count == takers * each, "\(takers * each - Set(all).count) numbers were given twice")
  }
}
