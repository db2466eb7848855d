import Bytes

/// What a file holds, judged by its name alone.
public struct FileFormat: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case jsonLines, json, text, markdown, html, troff
    /// WARC or WET.
    case webArchive
    /// The language's usual lower-case name.
    case code(String)
  }

  /// `.zstd` is unpacked here; the others by their commands, whose output is handed in as the source.
  public enum Compression: Sendable, Equatable { case none, zstd, gzip, bzip2, xz }

  public let kind: Kind
  public let compression: Compression

  public init(_ kind: Kind, compression: Compression = .none) {
    self.kind = kind
    self.compression = compression
  }

  /// By extension, a compression suffix taken off first, letter case ignored; nil when the extension is unknown.
  /// - Parameter name: a file name or path as bytes.
  public static func detect(name: [UInt8]) -> FileFormat? {
    let slash = name.lastIndex(of: UInt8(ascii: "/"))
    var base = name[(slash.map { $0 + 1 } ?? 0)...].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    var compression = Compression.none
    if let (found, length) = compressionSuffix(base) {
      compression = found
      base.removeLast(length)
    }
    guard let dot = base.lastIndex(of: UInt8(ascii: ".")), dot > 0 else {
      return plainNames.contains(String(decoding: base, as: UTF8.self))
        ? FileFormat(.text, compression: compression) : nil
    }
    let suffix = String(decoding: base[(dot + 1)...], as: UTF8.self)
    if let kind = kinds[suffix] { return FileFormat(kind, compression: compression) }
    return isManualSection(Array(suffix.utf8)) ? FileFormat(.troff, compression: compression) : nil
  }

  private static func compressionSuffix(_ base: [UInt8]) -> (Compression, Int)? {
    let suffixes: [(String, Compression)] = [(".zst", .zstd), (".gz", .gzip), (".bz2", .bzip2), (".xz", .xz)]
    for (suffix, compression) in suffixes
    where base.count > suffix.utf8.count && base.suffix(suffix.utf8.count) == Array(suffix.utf8)[...] {
      return (compression, suffix.utf8.count)
    }
    return nil
  }

  /// `.1` to `.8`, with a library's letters behind: `.3pm`, `.1ssl`.
  private static func isManualSection(_ suffix: [UInt8]) -> Bool {
    guard let digit = suffix.first, digit >= 0x31, digit <= 0x38, suffix.count <= 5 else { return false }
    return suffix.dropFirst().allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
  }

  private static let plainNames: Set<String> = [
    "readme", "license", "licence", "copying", "changelog", "news", "authors",
  ]

  private static let kinds: [String: Kind] = {
    var kinds: [String: Kind] = ["jsonl": .jsonLines, "ndjson": .jsonLines, "json": .json]
    for name in ["txt", "text", "rst", "tex", "log", "org", "pod", "u8"] { kinds[name] = .text }
    for name in ["md", "markdown", "mdx", "mkd"] { kinds[name] = .markdown }
    for name in ["html", "htm", "xhtml", "shtml"] { kinds[name] = .html }
    kinds["man"] = .troff
    for name in ["warc", "wet"] { kinds[name] = .webArchive }
    for (language, names) in languages { for name in names { kinds[name] = .code(language) } }
    return kinds
  }()

  private static let languages: [(String, [String])] = [
    ("python", ["py", "pyi", "pyx"]), ("go", ["go"]), ("rust", ["rs"]), ("c", ["c", "h"]),
    ("c++", ["cc", "cpp", "cxx", "hh", "hpp", "hxx", "inl", "ipp"]), ("java", ["java"]), ("kotlin", ["kt", "kts"]),
    ("scala", ["scala"]), ("javascript", ["js", "mjs", "cjs", "jsx"]), ("typescript", ["ts", "tsx"]),
    ("ruby", ["rb", "rake"]), ("swift", ["swift"]), ("shell", ["sh", "bash", "zsh"]), ("sql", ["sql"]),
    ("perl", ["pl", "pm"]),
    ("php", ["php"]), ("c#", ["cs"]), ("haskell", ["hs"]), ("ocaml", ["ml", "mli"]), ("erlang", ["erl"]),
    ("elixir", ["ex", "exs"]),
    ("lua", ["lua"]), ("r", ["r"]), ("julia", ["jl"]), ("clojure", ["clj"]), ("lisp", ["lisp", "el", "scm"]),
    ("zig", ["zig"]),
    ("dart", ["dart"]), ("objective-c", ["m", "mm"]), ("fortran", ["f90", "f"]), ("pascal", ["pas"]),
    ("assembly", ["s", "asm"]),
    ("css", ["css", "scss"]), ("cmake", ["cmake"]), ("make", ["mk"]), ("proto", ["proto"]), ("yaml", ["yaml", "yml"]),
    ("toml", ["toml"]), ("vue", ["vue"]), ("cuda", ["cu", "cuh"]), ("tcl", ["tcl"]), ("nix", ["nix"]),
  ]
}
