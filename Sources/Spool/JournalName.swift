import Posix

/// The names in `state/journal/`: `00000002.jsonl`, and `00000002.snapshot`, the state before it.
public enum JournalName {
  public static func segment(_ number: Int) -> Path { Path(stem(number) + ".jsonl") }
  public static func snapshot(_ number: Int) -> Path { Path(stem(number) + ".snapshot") }

  private static func stem(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// Numbers of the segments and snapshots of a folder, ascending.
  static func numbers(in folder: Directory) throws(SystemError) -> (segments: [Int], snapshots: [Int]) {
    var segments: [Int] = []
    var snapshots: [Int] = []
    for name in try folder.names() {
      guard let number = Int(String(decoding: name.bytes.prefix { $0 != 0x2E }, as: UTF8.self)), number > 0 else {
        continue
      }
      if name == segment(number) { segments.append(number) }
      if name == snapshot(number) { snapshots.append(number) }
    }
    return (segments.sorted(), snapshots.sorted())
  }
}
