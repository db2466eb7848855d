/// A line inside a journal that does not fit, with good lines after it.
public struct JournalDamage: Error, Equatable, Sendable, CustomStringConvertible {
  public let offset: Int
  public let line: Int

  public init(offset: Int, line: Int) {
    self.offset = offset
    self.line = line
  }

  public var description: String {
    "line \(line) at byte \(offset) does not match its checksum, but later lines are whole: the file was damaged after it "
      + "was written. Restore it from a backup, or cut it at byte \(offset) to go on from there (what later lines say is lost)"
  }
}
