/// A file that grows by whole groups of bytes: a group whose write failed leaves nothing behind.
public final class AppendedFile {
  private let file: File
  /// Bytes that were written whole.
  public private(set) var length: Int
  private var isTorn = false

  /// - Parameter length: bytes of the file that are good; what follows is cut.
  public init(_ file: File, length: Int) throws(SystemError) {
    self.file = file
    self.length = length
    if try file.status().size > length { try file.truncate(to: length) }
  }

  public var path: Path { file.path }

  /// Writes a group. When that fails, the next attempt first cuts what came of this one.
  public func append(_ bytes: [UInt8]) throws(SystemError) {
    if isTorn { try file.truncate(to: length) }
    isTorn = true
    do throws(SystemError) {
      try file.write(bytes)
    } catch {
      try? file.truncate(to: length)
      throw error
    }
    isTorn = false
    length += bytes.count
  }

  /// On the disk when this returns. A failure is always an I/O error, never one that waiting could cure: what is on the
  /// disk is unknown from then on.
  public func sync() throws(SystemError) {
    do throws(SystemError) {
      try file.syncData()
    } catch {
      throw error.isScarce ? SystemError(error.call, error.path, code: SystemError.inputOutput) : error
    }
  }
}
