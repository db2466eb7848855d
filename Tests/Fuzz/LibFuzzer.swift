import Bytes
import Glibc
import Posix

/// libFuzzer's own entry: runs the callback on one input after the other.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program that tools/fuzz builds. FUZZ_TARGET names the target; FUZZ_LIST prints the names of all; FUZZ_SEEDS=DIR
/// writes the target's seeds there.
@main
enum LibFuzzer {
  static let chosen: FuzzTarget? = getenv("FUZZ_TARGET").flatMap { FuzzTarget.named(String(cString: $0)) }

  static func main() throws {
    let names = FuzzTarget.all.map(\.name)
    if getenv("FUZZ_LIST") != nil { return StandardStreams.print(names.joined(separator: "\n")) }
    guard let chosen else {
      StandardStreams.say("FUZZ_TARGET must be one of: " + names.joined(separator: " "))
      exit(64)
    }
    if let place = getenv("FUZZ_SEEDS") {
      let folder = try Directory(Path(String(cString: place)))
      for seed in try chosen.seeds() {
        try folder.replaceFile(Path("seed-\(Digest.hex(Digest.sha256(seed)).prefix(16))"), with: seed, durable: false)
      }
      return
    }
    var count = CommandLine.argc
    var words = CommandLine.unsafeArgv
    exit(
      runDriver(&count, &words) { start, count in
        do {
          try LibFuzzer.chosen?.run(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
          preconditionFailure("\(error)")
        }
        return 0
      })
  }
}
