import Glibc

/// Where a test may have a process die of what it reads.
///
/// `PRETRAIND_POISON=BYTES`: a process whose stages see a text with these bytes dies by SIGSEGV;
/// `PRETRAIND_POISON_RECORD`: one that decodes such a record; `PRETRAIND_POISON_SOURCE`: one that reads them from a
/// file; `PRETRAIND_POISON_INDEX`: an agent that looks for duplicates of such a text crashes (abort). With
/// `PRETRAIND_POISON_HANGS` it hangs instead. Without the variables a taste costs one load.
public enum PoisonPoint {
  public enum Place: Int, Sendable, CaseIterable { case text, record, source, index }

  private static let doses: [[UInt8]] = {
    let names = ["PRETRAIND_POISON", "PRETRAIND_POISON_RECORD", "PRETRAIND_POISON_SOURCE", "PRETRAIND_POISON_INDEX"]
    let doses = names.map { name in getenv(name).map { Array(String(cString: $0).utf8) } ?? [] }
    return doses.allSatisfy(\.isEmpty) ? [] : doses
  }()

  public static let isSet = !doses.isEmpty

  public static func taste(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Place) {
    if !isSet { return }
    let dose = doses[place.rawValue]
    guard let first = dose.first, bytes.count >= dose.count else { return }
    for start in 0...(bytes.count - dose.count)
    where bytes[start] == first && bytes[start..<(start + dose.count)].elementsEqual(dose) {
      while getenv("PRETRAIND_POISON_HANGS") != nil { pause() }
      if place == .index { abort() }
      // A handler that prints a backtrace would return from a signal that no instruction repeats.
      signal(SIGSEGV, SIG_DFL)
      raise(SIGSEGV)
    }
  }
}
