import Bytes
import Posix

/// TensorBoard's records: u64 length, its masked CRC-32C, the event (protocol buffers), its masked CRC-32C.
/// Layout: tensorboard/compat/proto/{event,summary}.proto; masking as in TensorFlow's record writer.
public enum TensorBoardRecord {
  /// The first record of every file.
  public static func version(wallTime: Double) -> [UInt8] {
    frame(fixed64(1, wallTime.bitPattern) + text(3, Array("brain.Event:2".utf8)))
  }

  /// One value of one curve.
  public static func scalar(_ tag: String, _ value: Float, step: Int, wallTime: Double) -> [UInt8] {
    let entry = text(1, Array(tag.utf8)) + fixed32(2, value.bitPattern)
    return frame(event(wallTime, step) + text(5, text(1, entry)))
  }

  /// Tells readers to forget what an earlier file of this folder said from `step` on.
  public static func sessionStart(step: Int, wallTime: Double) -> [UInt8] {
    frame(event(wallTime, step) + text(7, varint(1, 1)))
  }

  private static func event(_ wallTime: Double, _ step: Int) -> [UInt8] {
    fixed64(1, wallTime.bitPattern) + varint(2, UInt64(step))
  }

  static func frame(_ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    LittleEndian.append(UInt64(payload.count), to: &bytes)
    LittleEndian.append(masked(bytes), to: &bytes)
    bytes += payload
    LittleEndian.append(masked(payload), to: &bytes)
    return bytes
  }

  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let crc = Checksum.crc32c(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func varint(_ field: UInt64, _ value: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }

  private static func fixed64(_ field: UInt64, _ bits: UInt64) -> [UInt8] {
    var bytes = varint(field << 3 | 1)
    LittleEndian.append(bits, to: &bytes)
    return bytes
  }

  private static func fixed32(_ field: UInt64, _ bits: UInt32) -> [UInt8] {
    var bytes = varint(field << 3 | 5)
    LittleEndian.append(bits, to: &bytes)
    return bytes
  }

  private static func text(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(content.count)) + content
  }
}

/// One event file. Never appended to by another process: after a crash its tail may be torn, and a reader that meets a
/// torn record in the middle gives the file up.
public final class TensorBoardFile {
  private let file: File

  /// - Parameters:
  ///   - folder: the curve's folder.
  ///   - step: the first step this process will tell.
  public init(in folder: Directory, step: Int, process: Int, sequence: Int) throws(SystemError) {
    let now = Clock.wall()
    let host = TensorBoardFile.hostName()
    let name = Path("events.out.tfevents.\(Int(now)).\(host).\(process).\(sequence)")
    if folder.exists(name) { try folder.remove(name) }
    file = try folder.createFile(name)
    try file.write(TensorBoardRecord.version(wallTime: now) + TensorBoardRecord.sessionStart(step: step, wallTime: now))
  }

  public func add(_ scalars: [(tag: String, value: Float)], step: Int, wallTime: Double) throws(SystemError) {
    var bytes: [UInt8] = []
    for (tag, value) in scalars { bytes += TensorBoardRecord.scalar(tag, value, step: step, wallTime: wallTime) }
    try file.append(bytes)
  }

  private static func hostName() -> String {
    let read = (try? Directory("/proc/sys/kernel"))?.content("hostname")
    let letters = (read ?? []).filter {
      ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
    }
    return letters.isEmpty ? "localhost" : String(decoding: letters, as: UTF8.self)
  }
}

extension Directory {
  fileprivate func content(_ name: Path) -> [UInt8]? { try? read(name, limit: 4096) }
}
