import Posix

/// Number and revision of a block and the file names they give.
public struct BlockName: Hashable, Sendable, CustomStringConvertible {
  public let number: Int
  /// 1 for the first; a recomposed block has the next one.
  public let revision: Int

  public init(number: Int, revision: Int = 1) {
    precondition(number >= 0 && revision >= 1, "block numbers begin with 0, revisions with 1")
    self.number = number
    self.revision = revision
  }

  /// `part-00012`, whatever the revision: the name of the manifest and of the checkpoint after the block.
  public static func part(_ number: Int) -> String {
    let digits = String(number)
    return "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// `part-00012` or `part-00012.r2`: what the companions begin with, a Megatron data prefix.
  public var prefix: String { BlockName.part(number) + (revision > 1 ? ".r\(revision)" : "") }
  public var tokens: Path { Path(prefix + ".bin") }
  public var index: Path { Path(prefix + ".idx") }
  public var channels: Path { Path(prefix + ".channels") }
  public var manifest: Path { BlockName.manifest(number) }
  /// In the order in which they are published, before the manifest.
  public var companions: [Path] { [tokens, index, channels] }
  public var description: String { prefix }

  public static func manifest(_ number: Int) -> Path { Path(part(number) + ".json") }

  /// The number of `part-00012`, with or without `.json`; nil when it is no such name.
  public static func number(_ text: String) -> Int? {
    let stem = text.hasSuffix(".json") ? String(text.dropLast(5)) : text
    guard stem.hasPrefix("part-"), let number = Int(stem.dropFirst(5)), number >= 0, part(number) == stem else {
      return nil
    }
    return number
  }

  /// The block that a companion's name belongs to, nil when it is none.
  init?(companion name: Path) {
    guard let text = String(validating: name.bytes, as: UTF8.self) else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let number = parts.first.flatMap(BlockName.number), let kind = parts.last,
      ["bin", "idx", "channels"].contains(kind)
    else { return nil }
    if parts.count == 2 {
      self.init(number: number)
    } else if parts.count == 3, parts[1].first == "r", let revision = Int(parts[1].dropFirst()), revision > 1 {
      self.init(number: number, revision: revision)
    } else {
      return nil
    }
  }
}
