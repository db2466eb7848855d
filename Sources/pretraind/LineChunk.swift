import Bytes
import Glibc
import Posix
import Synchronization

/// Whole lines on their way through a filter, as they came, and what is to be written for them; used again and again.
///
/// One thread at a time has it.
final class LineChunk: @unchecked Sendable {
  /// Room for the input: what one read brings at most, small enough to stay in a core's cache. A longer line makes
  /// more.
  static let usualRoom = 256 << 10

  private var room: UnsafeMutableRawBufferPointer
  private(set) var count = 0
  var output = JSONWriter()
  /// Lines that wait for somebody who sees many at once.
  var held: [StageLine] = []
  /// Lines looked at, the bad one that ended it among them.
  var lines = 0
  var badLine: String?

  init() { room = .allocate(byteCount: LineChunk.usualRoom, alignment: 64) }
  deinit { room.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: room.baseAddress!.assumingMemoryBound(to: UInt8.self), count: count)
  }

  func reset() {
    // What one long line needed is not kept for all that follow.
    if room.count > LineChunk.usualRoom { change(room: LineChunk.usualRoom, keeping: 0) }
    if output.bytes.capacity > 4 * LineChunk.usualRoom { output = JSONWriter() }
    count = 0
    lines = 0
    badLine = nil
    output.reset()
    held.removeAll(keepingCapacity: true)
  }

  func append(_ more: UnsafeRawBufferPointer) {
    if room.count - count < more.count { change(room: max(2 * room.count, count + more.count), keeping: count) }
    if !more.isEmpty { memcpy(room.baseAddress! + count, more.baseAddress!, more.count) }
    count += more.count
  }

  /// Reads once; 0 at the end.
  func read(_ file: File) throws(SystemError) -> Int {
    if count == room.count { change(room: 2 * room.count, keeping: count) }
    let got = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
    count += got
    return got
  }

  /// The offset behind the last line feed at or behind `start`.
  func endOfLines(from start: Int) -> Int? {
    var end = count
    while end > start, room[end - 1] != 0x0A { end -= 1 }
    return end > start ? end : nil
  }

  /// Leaves out what stands behind `end`; it goes to `other`.
  func cut(at end: Int, into other: inout [UInt8]) {
    other.removeAll(keepingCapacity: true)
    other.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[end..<count]))
    count = end
  }

  private func change(room size: Int, keeping kept: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    memcpy(larger.baseAddress!, room.baseAddress!, kept)
    room.deallocate()
    room = larger
  }

  /// Calls `body` for each line, without its line feed, until one is refused.
  func forEachLine(_ body: (UnsafeBufferPointer<UInt8>) throws(StageLine.Refusal) -> Void) {
    let bytes = self.bytes
    var start = 0
    while start < bytes.count {
      let found = memchr(bytes.baseAddress! + start, 0x0A, bytes.count - start)
      let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(bytes.baseAddress!) } ?? bytes.count
      lines += 1
      do throws(StageLine.Refusal) {
        try body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      } catch {
        badLine = error.reason
        return
      }
      start = end + 1
    }
  }
}

/// Chunks that wait to be used again.
final class ChunkPool: Sendable {
  private let idle = Mutex<[LineChunk]>([])

  func take() -> LineChunk {
    let chunk = idle.withLock { $0.popLast() } ?? LineChunk()
    chunk.reset()
    return chunk
  }

  func give(_ chunk: LineChunk) { idle.withLock { $0.append(chunk) } }
}

/// Standard input as chunks of whole lines. What one read brings is handed on at once, so that who sends a line and
/// waits for the answer gets it.
final class LineInput {
  private let file = StandardStreams.input
  private let pool: ChunkPool
  /// The beginning of a line whose end did not come yet.
  private var rest: [UInt8] = []
  private var isAtEnd = false

  init(_ pool: ChunkPool) { self.pool = pool }

  func next() throws(SystemError) -> LineChunk? {
    if isAtEnd { return nil }
    let chunk = pool.take()
    rest.withUnsafeBytes { chunk.append($0) }
    var seen = chunk.count
    while true {
      if try chunk.read(file) == 0 {
        isAtEnd = true
        return chunk.count == 0 ? nil : chunk
      }
      if let end = chunk.endOfLines(from: seen) {
        chunk.cut(at: end, into: &rest)
        return chunk
      }
      seen = chunk.count
    }
  }
}
