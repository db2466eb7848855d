import Fixtures
import Glibc
import Testing

@testable import Posix

@Suite struct SharedMemoryTests {
  @Test func whatWasStoredIsThereAfterADeath() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.directory.path)"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let memory = SharedMemory(try Directory(Path(path)), "words", words: 100)
      memory[0] = 7
      memory[99] = -1
      kill(getpid(), SIGKILL)
    }
    let bytes = try scratch.directory.read("words")
    #expect(bytes.count == 800)
    #expect(bytes[0] == 7 && bytes[1] == 0 && bytes.suffix(8).allSatisfy { $0 == 255 })
  }

  @Test func madeAnewItIsZero() throws {
    let scratch = try Scratch()
    SharedMemory(scratch.directory, "words", words: 10)[3] = 5
    let again = SharedMemory(scratch.directory, "words", words: 10)
    #expect((0..<10).allSatisfy { again[$0] == 0 })
    #expect(try scratch.directory.read("words") == [UInt8](repeating: 0, count: 80))
  }

  @Test func withoutAFileItIsPlainMemory() throws {
    let scratch = try Scratch()
    // A folder of that name is in the way.
    _ = try scratch.directory.make("words")
    let memory = SharedMemory(scratch.directory, "words", words: 10)
    memory[9] = 4
    #expect(memory[9] == 4 && memory[0] == 0)
  }
}
