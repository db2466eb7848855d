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
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    do throws(ReadFailure) {
      while output.pos == 0 && buffer.count > 0 {
        if input.pos == input.size, !mayHoldOutput, try !refill() { break }
        try unpack(into: &output)
        mayHoldOutput = output.pos == output.size
      }
    } catch {
      failure = error
      if output.pos == 0 { throw error }
    }
    unpackedCount += output.pos
    if failure == nil { failure = excess() }
    return output.pos
  }

  /// Next input; false when there is none and the last frame is whole.
  private func refill() throws(ReadFailure) -> Bool {
    if !isAtEnd {
      let count = try source.read(into: packed)
      packedCount += count
      input.size = count
      input.pos = 0
      isAtEnd = count == 0
      if count > 0 { return true }
    }
    if wanted > 0 {
      throw ReadFailure(
        "decompress", "the zstd stream is cut off", offset: unpackedCount,
        remedy: "documents before the cut were kept; copy the file again to get the rest")
    }
    return false
  }

  private func unpack(into output: inout ZSTD_outBuffer) throws(ReadFailure) {
    let result = ZSTD_decompressStream(stream, &output, &input)
    if ZSTD_isError(result) == 0 {
      wanted = result
      return
    }
    let reason = String(cString: ZSTD_getErrorName(result))
    throw ReadFailure(
      "decompress", "zstd: \(reason)", offset: unpackedCount + output.pos,
      remedy: "check the file with 'zstd -t' and copy it again")
  }

  private func excess() -> ReadFailure? {
    if unpackedCount > settings.unpackFreeMegabytes << 20, unpackedCount / settings.unpackRatio > packedCount {
      return ReadFailure(
        "limit", "unpacks to more than \(settings.unpackRatio) times its size", offset: unpackedCount,
        remedy: "raise read.unpack_ratio if the file is honest")
    }
    if unpackedCount > settings.unpackMaxGigabytes << 30 {
      return ReadFailure(
        "limit", "unpacks to more than \(settings.unpackMaxGigabytes) GiB", offset: unpackedCount,
        remedy: "split the file or raise read.unpack_max_gb")
    }
    return nil
  }
}
