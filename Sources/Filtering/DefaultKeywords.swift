/// Lists of phrases that are compiled in; the same as `etc/keywords`.
public enum DefaultKeywords {
  /// One phrase a line; lines that start with '#' and empty lines are skipped.
  public static func phrases(of file: [UInt8]) -> [[UInt8]] {
    file.split(separator: 0x0A).map { line in
      Array(line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
    }.filter { !$0.isEmpty && $0[0] != UInt8(ascii: "#") }
  }

  /// The text of a list by its name; empty for a name that is none.
  public static func list(_ name: String) -> [UInt8] {
    switch name {
    case "promotion": Array(BuiltInKeywords.promotion.utf8)
    case "dated": Array(BuiltInKeywords.dated.utf8)
    case "adult": Array(BuiltInKeywords.adult.utf8)
    case "gambling": Array(BuiltInKeywords.gambling.utf8)
    case "political": Array(BuiltInKeywords.political.utf8)
    default: []
    }
  }
}
