import Bytes
import Posix

/// `metrics.jsonl`: one line a step. Told again after a restart from an earlier step: of lines with the same lineage
/// and
/// step the last one counts.
public final class MetricsLog {
  public static let file: Path = "metrics.jsonl"
  private let file: File

  /// Opens the file for appending; half a line left by a killed process is cut.
  public init(in run: Directory) throws(SystemError) {
    file = try run.appendFile(MetricsLog.file)
    let size = try file.status().size
    let whole = try MetricsLog.endOfLastLine(file, size)
    if whole < size { try file.truncate(to: whole) }
  }

  public func append(_ members: [JSONMember]) throws(SystemError) {
    try file.append(JSONWriter.compact(.object(members)) + [0x0A])
  }

  private static func endOfLastLine(_ file: File, _ size: Int) throws(SystemError) -> Int {
    let window = min(size, 1 << 20)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(window, 1), alignment: 1)
    defer { buffer.deallocate() }
    let count = try file.read(at: size - window, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<window]))
    guard let feed = buffer[..<count].lastIndex(of: 0x0A) else { return size - window }
    return size - window + feed + 1
  }
}
