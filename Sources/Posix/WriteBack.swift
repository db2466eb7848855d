/// Keeps a large file on its way to the disk while it is written, so that its fsync at the end is short: an fsync of
/// gigabytes would give no sign of life for minutes.
public struct WriteBack {
  private static let part = 64 << 20
  private var written = 0
  private var begun = 0

  public init() {}

  /// To be told of every write at the end of the file.
  public mutating func wrote(_ count: Int, to file: File) throws(SystemError) {
    written += count
    while written - begun >= WriteBack.part {
      try file.writeBack(from: begun, WriteBack.part, after: max(0, begun - WriteBack.part))
      begun += WriteBack.part
      ServiceNotify.beat()
    }
  }
}
