import CZstd

/// Unpacks zstd: frames one after another, skippable frames passed over. What came out before a cut or a fault is
/// delivered first, the failure follows on the next read.
public final class ZstdSource: ByteSource {
  /// Largest window a frame may ask for: 2^27 bytes.
  static let windowLog: Int32 = 27

  private let source: any ByteSource
  private let stream: OpaquePointer
  private let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  private var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
  private let settings: ReadSettings
  private var packedCount = 0
  private var unpackedCount = 0
  /// Bytes the decoder still wants for the frame it is in; 0 between frames.
  private var wanted = 0
  private var failure: ReadFailure?
  private var isAtEnd = false
  /// The last call filled the caller's buffer, so the decoder may have more without new input.
  private var mayHoldOutput = false

  public init(_ source: any ByteSource, settings: ReadSettings) {
    self.source = source
    self.settings = settings
    stream = ZSTD_createDCtx()
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, ZstdSource.windowLog)
    input.src = UnsafeRawPointer(packed.baseAddress)
  }

  deinit {
    ZSTD_freeDCtx(stream)
    packed.deallocate()
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    if let failure { throw failure }
    var count = 0
    do throws(ReadFailure) {
      while count == 0 && buffer.count > 0 {
        if input.pos == input.size, !mayHoldOutput, try !refill() { break }
        let room = bound - unpackedCount
        if room > 0 {
          count = try unpack(into: buffer.baseAddress!, min(buffer.count, room))
        } else {
          try expectNothing()
        }
      }
    } catch {
      failure = error
      throw error
    }
    unpackedCount += count
    return count
  }

  /// How much may have come out of what went in: a function of the stream alone, so that reading on after a restart
  /// stops at the same byte.
  private var bound: Int {
    let (most, _) = packedCount.multipliedReportingOverflow(by: settings.unpackRatio)
    return min(max(settings.unpackFreeMegabytes << 20, most), settings.unpackMaxGigabytes << 30)
  }

  /// Next input; false when there is none and the last frame is whole.
  private func refill() throws(ReadFailure) -> Bool {
    if !isAtEnd {
      input.size = 0
      input.pos = 0
      // Always a whole buffer: the bound must not depend on how much a read brings.
      while input.size < packed.count, !isAtEnd {
        let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: packed[input.size...]))
        input.size += count
        isAtEnd = count == 0
      }
      packedCount += input.size
      if input.size > 0 { return true }
    }
    if wanted > 0 {
      throw ReadFailure(
        "decompress", "the zstd stream is cut off", offset: unpackedCount,
        remedy: "documents before the cut were kept; copy the file again to get the rest")
    }
    return false
  }

  private func unpack(into target: UnsafeMutableRawPointer, _ room: Int) throws(ReadFailure) -> Int {
    var output = ZSTD_outBuffer(dst: target, size: room, pos: 0)
    let result = ZSTD_decompressStream(stream, &output, &input)
    // At the end of a frame nothing is held; asked once more, the decoder would ask for the next frame.
    mayHoldOutput = output.pos == output.size && result != 0
    if ZSTD_isError(result) == 0 {
      wanted = result
      return output.pos
    }
    let reason = String(cString: ZSTD_getErrorName(result))
    if ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge {
      throw ReadFailure(
        "bomb", "a frame asks for a window of more than 2^\(ZstdSource.windowLog) bytes", offset: unpackedCount,
        remedy: "compress it again: zstd -d --long=31, then zstd --long=\(ZstdSource.windowLog)")
    }
    let damage = ReadFailure(
      "decompress", "zstd: \(reason)", offset: unpackedCount + output.pos,
      remedy: "check the file with 'zstd -t' and copy it again")
    if output.pos == 0 { throw damage }
    failure = damage
    return output.pos
  }

  /// At the bound: one byte more from the same input is too much.
  private func expectNothing() throws(ReadFailure) {
    var byte: UInt8 = 0
    if try unpack(into: &byte, 1) == 0 { return }
    let most = settings.unpackMaxGigabytes
    throw bound == most << 30
      ? ReadFailure(
        "bomb", "unpacks to more than \(most) GiB", offset: unpackedCount,
        remedy: "split the file or raise read.unpack_max_gb")
      : ReadFailure(
        "bomb", "unpacks to more than \(settings.unpackRatio) times its size", offset: unpackedCount,
        remedy: "raise read.unpack_ratio if the file is honest")
  }
}
