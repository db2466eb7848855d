import Bytes
import Posix

/// The name of a file in `rejected/`: its own, unless that leaves no room for what is written beside it
/// (`.NAME.12.reason.json.tmp` must not exceed the 255 bytes of a name). Then a part of it and its digest, always the
/// same for the same name; the ending stays, so that `mv` back into `incoming/` brings the same kind of file.
public enum RejectedName {
  private static let longest = 215
  private static let longestEnding = 24

  public static func fitting(_ name: Path) -> Path {
    if name.bytes.count <= longest { return name }
    let dot = UInt8(ascii: ".")
    let ending = name.bytes.suffix(longestEnding).firstIndex(of: dot).map { Array(name.bytes[$0...]) } ?? []
    let mark = Array("~\(Hex.encode(Array(Digest.sha256(name.bytes).prefix(8))))".utf8)
    return Path(head(name.bytes, longest - mark.count - ending.count) + mark + ending)
  }

  /// The first bytes, not cut inside a character.
  private static func head(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var end = count
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    // Not UTF-8: cut anywhere.
    return Array(bytes[..<(count - end > 3 ? count : end)])
  }

  /// The N-th choice for a name that is taken: NAME, NAME.2, NAME.3 ...
  public static func choice(_ number: Int, of name: Path) -> Path {
    number == 1 ? fitting(name) : fitting(name) + ".\(number)"
  }
}
