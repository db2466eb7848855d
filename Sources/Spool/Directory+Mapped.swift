import Posix

extension Directory {
  /// The bytes of a whole file, mapped while `body` runs.
  func withMapped<Result>(_ name: Path, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    let file = try MappedFile(try openFile(name))
    return try withExtendedLifetime(file) { try body(file.bytes) }
  }
}
