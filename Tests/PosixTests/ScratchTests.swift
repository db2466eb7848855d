import Fixtures
import Posix
import Testing

@Suite("Scratch files")
struct ScratchTests {
  @Test("A scratch file can be written, mapped and read, and the folder shows nothing of it")
  func nameless() throws {
    let folder = try Directory.forScratch().make(Path("pretraind-scratch-\(Clock.monotonic())"))
    let file = try folder.scratchFile()
    try file.write(Array("one\ntwo\n".utf8))
    #expect(try folder.names().isEmpty)
    let mapped = try MappedFile(file)
    withExtendedLifetime(mapped) { #expect(Array(mapped.bytes) == Array("one\ntwo\n".utf8)) }
    try file.seek(to: 4)
    #expect(try file.readAll() == Array("two\n".utf8))
    try Directory.forScratch().removeDirectory(folder.path.name)
  }

  @Test("Processor time grows with work and not with waiting")
  func processorTime() {
    let (process, thread) = (Clock.processor(), Clock.processor(ofThread: true))
    var sum: UInt64 = 1
    while Clock.processor(ofThread: true) - thread < 0.01 { sum = sum &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
    #expect(Clock.processor() - process >= 0.009 && sum != 0)
    let before = Clock.processor(ofThread: true)
    Clock.sleep(0.05)
    #expect(Clock.processor(ofThread: true) - before < 0.04)
  }
}
