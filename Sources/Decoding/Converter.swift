import Glibc

/// One encoding to UTF-8, or back, through iconv, a pure conversion of bytes. What does not decode becomes U+FFFD,
/// counted.
final class Converter {
  let encoding: TextEncoding
  /// Sequences that did not decode so far.
  private(set) var replaced = 0
  private let descriptor: iconv_t

  init(_ encoding: TextEncoding) throws(ReadFailure) {
    self.encoding = encoding
    descriptor = iconv_open("UTF-8", encoding.iconvName)
    if descriptor == iconv_t(bitPattern: -1) {
      throw ReadFailure(
        "decode", "the system cannot convert from \(encoding.name)", offset: 0,
        remedy: "install the C library's gconv modules or convert the file with another tool")
    }
  }

  /// From UTF-8.
  init(to encoding: TextEncoding) throws(ReadFailure) {
    self.encoding = encoding
    descriptor = iconv_open(encoding.iconvName, "UTF-8")
    if descriptor == iconv_t(bitPattern: -1) {
      throw ReadFailure(
        "decode", "the system cannot convert to \(encoding.name)", offset: 0,
        remedy: "install the C library's gconv modules")
    }
  }

  deinit { iconv_close(descriptor) }

  /// All of `text` in the encoding; nil when one character is not in it.
  func encode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    replaced = 0
    let left = convert(text, into: &bytes)
    finish(into: &bytes)
    return left == 0 && replaced == 0 ? bytes : nil
  }

  /// Appends the conversion of `bytes` to `text`; returns how many bytes at the end are an unfinished sequence.
  func convert(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) -> Int {
    var index = 0
    var room = bytes.count * 3 / 2 + 64
    while index < bytes.count {
      var left = 0
      var problem: Int32 = 0
      let start = text.count
      text.reserveCapacity(start + room)
      let written = withUnsafeTemporaryAllocation(byteCount: min(room, 1 << 16), alignment: 16) { output in
        let count = step(bytes, from: index, output, &left, &problem)
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: output[..<count]))
        return count
      }
      index = bytes.count - left
      if problem == EINVAL { return left }
      if problem == EILSEQ {
        replaced += 1
        finish(into: &text)
        text += [0xEF, 0xBF, 0xBD]
        index += min(encoding.unit, left)
      }
      room = max(room - written, 64)
    }
    return 0
  }

  /// Writes a character that was held back in case a combining one follows (Big5-HKSCS), and returns to the first
  /// state.
  func finish(into text: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { output in
      var target: UnsafeMutablePointer<CChar>? = output.baseAddress!.assumingMemoryBound(to: CChar.self)
      var room = output.count
      _ = iconv(descriptor, nil, nil, &target, &room)
      text.append(contentsOf: UnsafeRawBufferPointer(rebasing: output[..<(output.count - room)]))
    }
  }

  /// One call of iconv; the bytes written. `left` is what remains of the input, `problem` is errno or 0.
  private func step(
    _ bytes: UnsafeBufferPointer<UInt8>, from index: Int, _ output: UnsafeMutableRawBufferPointer, _ left: inout Int,
    _ problem: inout Int32
  ) -> Int {
    var source: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: bytes.baseAddress! + index)
      .assumingMemoryBound(to: CChar.self)
    var target: UnsafeMutablePointer<CChar>? = output.baseAddress!.assumingMemoryBound(to: CChar.self)
    var room = output.count
    left = bytes.count - index
    let result = iconv(descriptor, &source, &left, &target, &room)
    problem = result == Int(bitPattern: UInt.max) || result == -1 ? errno : 0
    return output.count - room
  }
}

/// A stream in another encoding as a stream of UTF-8.
final class ConvertingSource: ByteSource {
  private let source: any ByteSource
  private let converter: Converter
  private var pending: [UInt8] = []
  private var ready: [UInt8] = []
  private var readyIndex = 0
  private var isAtEnd = false

  init(_ source: any ByteSource, _ encoding: TextEncoding) throws(ReadFailure) {
    self.source = source
    converter = try Converter(encoding)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    while readyIndex == ready.count && !isAtEnd { try refill() }
    let count = min(buffer.count, ready.count - readyIndex)
    ready.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[readyIndex..<(readyIndex + count)]))
    }
    readyIndex += count
    return count
  }

  private func refill() throws(ReadFailure) {
    ready.removeAll(keepingCapacity: true)
    readyIndex = 0
    let carried = pending.count
    let chunk = 1 << 16
    var bytes = pending + [UInt8](repeating: 0, count: chunk)
    var failure: ReadFailure?
    let count = bytes.withUnsafeMutableBytes { buffer in
      do throws(ReadFailure) {
        return try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[carried...]))
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    bytes.removeLast(chunk - count)
    let left = bytes.withUnsafeBufferPointer { converter.convert($0, into: &ready) }
    pending = Array(bytes.suffix(left))
    isAtEnd = count == 0
    if isAtEnd { converter.finish(into: &ready) }
    if isAtEnd && left > 0 { ready += [0xEF, 0xBF, 0xBD] }
  }
}

/// Bytes already taken from a source, then the source itself.
final class RejoinedSource: ByteSource {
  private let window: ByteWindow

  init(_ window: ByteWindow) { self.window = window }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    if window.bytes.isEmpty { _ = window.more() }
    let count = min(buffer.count, window.bytes.count)
    if count == 0, let failure = window.failure { throw failure }
    buffer.copyMemory(from: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: window.bytes[..<count])))
    window.take(count)
    return count
  }
}
