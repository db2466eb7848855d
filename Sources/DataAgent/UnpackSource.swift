import Decoding
import Posix

/// The output of an unpacking program, bounded like our own decoder's; the program itself is bounded in memory,
/// processor
/// time and silence.
final class UnpackSource: ByteSource {
  private let child: LimitedChild
  private let program: String
  /// The most that may come out of this file; a function of the file alone, so that a restart stops at the same byte.
  private let limit: Int
  private let settings: ReadSettings
  private let patience: ReadPatience
  private var delivered = 0

  init(_ program: String, _ file: File, settings: ReadSettings, _ patience: ReadPatience) throws(SystemError) {
    self.program = program
    self.settings = settings
    self.patience = patience
    let compressed = try file.status().size
    let (most, _) = compressed.multipliedReportingOverflow(by: settings.unpackRatio)
    limit = min(settings.unpackMaxGigabytes << 30, max(settings.unpackFreeMegabytes << 20, most))
    let limits = ProcessLimits(
      memory: settings.convertMegabytes << 20, processorSeconds: settings.convertSeconds + 4 * (compressed >> 20),
      silentSeconds: Double(settings.convertSeconds))
    child = try patience.wait { () throws(SystemError) in
      try LimitedChild([program, "-dc"], input: file, limits: limits)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    ServiceNotify.beat()
    let room = limit - delivered
    if room == 0 { return try expectEnd() }
    let count = try take(UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(room, buffer.count)]))
    delivered += count
    if count == 0 { try checkEnd() }
    return count
  }

  private func take(_ buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    do throws(SystemError) {
      let patience = patience
      return try patience.wait { () throws(SystemError) in
        try child.read(into: buffer) { patience.isWorthWaiting }
      }
    } catch {
      throw ReadFailure("unpack", "\(program): \(error)", offset: delivered, remedy: "drop the file again")
    }
  }

  /// At the bound: one byte more is too much.
  private func expectEnd() throws(ReadFailure) -> Int {
    var byte: UInt8 = 0
    var more = 0
    var failure: ReadFailure?
    withUnsafeMutableBytes(of: &byte) { buffer in
      do throws(ReadFailure) { more = try take(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    if more == 0 {
      try checkEnd()
      return 0
    }
    child.kill()
    throw ReadFailure(
      "bomb", "\(program) unpacks more than \(limit) bytes", offset: delivered,
      remedy: "unpack it yourself if it is what you mean, or raise read.unpack_ratio or read.unpack_max_gb")
  }

  private func checkEnd() throws(ReadFailure) {
    let end = child.wait()
    let complaint = child.firstComplaint.isEmpty ? "" : " (\(child.firstComplaint))"
    switch end {
    case .exited(0): return
    case .exited:
      throw ReadFailure(
        "damaged", "\(program) \(end): the file is cut or damaged\(complaint)", offset: delivered,
        remedy: "copy it again and compare sizes")
    case .signal, .silent:
      throw ReadFailure(
        "converter", "\(program) \(end)\(complaint)", offset: delivered,
        remedy: "unpack it yourself, or raise read.convert_s (\(settings.convertSeconds)) or read.convert_mb "
          + "(\(settings.convertMegabytes))")
    }
  }
}
