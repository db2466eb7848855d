/// A program that makes text of a file: one link of a chain.
public struct ConverterProgram: Sendable, Equatable {
  /// Words, no shell; empty: the file as it is. `{file}` stands for the file's path.
  public let command: [String]
  /// What it is called in messages.
  public let name: String
  /// What comes out of it.
  public let gives: FileFormat.Kind
  /// The Debian packages that have it.
  public let package: String
  /// Bytes of text a page that are enough to take the outcome.
  public let leastPerPage: Int
  /// Silence and processor time at most; nil: `read.convert_s`.
  public let seconds: Int?
  /// MiB of address space at most; nil: `read.convert_mb`.
  public let megabytes: Int?
  /// MiB of each temporary file at most.
  public let fileMegabytes: Int

  /// Its records are read as they come.
  public var isStream: Bool { gives == .jsonLines || gives == .json }

  /// Whether an outcome holds text enough: form feeds end pages.
  public func isEnough(_ text: [UInt8]) -> Bool {
    let pages = max(1, text.count { $0 == 0x0C })
    return ConverterProgram.textBytes(text) >= max(1, leastPerPage * pages)
  }

  /// Bytes that are no white space.
  public static func textBytes(_ text: [UInt8]) -> Int { text.count { $0 > 0x20 } }

  /// The words to start it with.
  public func words(file: String) -> [String] { command.map { $0 == "{file}" ? file : $0 } }
}
