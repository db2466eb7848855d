import Glibc
import Synchronization

/// Named places where a test may kill the process: every durable step passes one.
///
/// `PRETRAIND_KILL_AT=N` kills the process with SIGKILL at the N-th step it passes; `PRETRAIND_COUNT_STEPS=1` prints
/// the
/// number of steps at exit of the caller's choice. Without the variables a pass costs one load.
public enum FaultPoint {
  private static let killAt: Int = {
    guard let text = getenv("PRETRAIND_KILL_AT") else { return 0 }
    return Int(String(cString: text)) ?? 0
  }()
  private static let passed = Atomic<Int>(0)

  public static func pass(_ step: StaticString, _ path: Path) {
    if killAt == 0 { return }
    if passed.wrappingAdd(1, ordering: .relaxed).newValue == killAt { kill(getpid(), SIGKILL) }
  }

  /// Where a test may have a process die of what it reads.
  public enum Poison: String, Sendable { case source, record, text }

  private struct Dose: Sendable {
    let bytes: [UInt8]
    let hangs: Bool

    init?(_ poison: Poison) {
      let name = "PRETRAIND_POISON" + (poison == .text ? "" : "_" + poison.rawValue.uppercased())
      guard let text = getenv(name) else { return nil }
      bytes = Array(String(cString: text).utf8)
      hangs = getenv("PRETRAIND_POISON_HANGS") != nil
    }
  }

  private static let textDose = Dose(.text)
  private static let recordDose = Dose(.record)
  private static let sourceDose = Dose(.source)
  public static let isPoisoned = textDose != nil || recordDose != nil || sourceDose != nil

  /// `PRETRAIND_POISON=BYTES`: a process whose stages see a text with these bytes dies by SIGSEGV;
  /// `PRETRAIND_POISON_RECORD`: one that decodes such a record; `PRETRAIND_POISON_SOURCE`: one that reads them from a
  /// file. With `PRETRAIND_POISON_HANGS` it hangs instead. Without the variables this costs one load.
  public static func taste(_ bytes: UnsafeBufferPointer<UInt8>, _ poison: Poison) {
    if !isPoisoned { return }
    let dose =
      switch poison {
      case .source: sourceDose
      case .record: recordDose
      case .text: textDose
      }
    guard let dose, memmem(bytes.baseAddress, bytes.count, dose.bytes, dose.bytes.count) != nil else { return }
    while dose.hangs { pause() }
    raise(SIGSEGV)
  }
}
