import Decoding
import Posix

/// A claimed file as the decoders read it.
final class FileSource: ByteSource {
  private let file: File

  init(_ file: File) { self.file = file }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    ServiceNotify.beat()
    do throws(SystemError) {
      return try file.read(into: buffer)
    } catch {
      throw ReadFailure("unreadable", "\(error)", offset: 0, remedy: "check the disk and drop the file again")
    }
  }
}

/// The output of an unpacking program, bounded like our own decoder's.
final class UnpackSource: ByteSource {
  private let child: Child
  private let program: String
  private let limit: Int
  private var delivered = 0

  init(_ child: Child, program: String, compressed: Int, settings: ReadSettings) {
    self.child = child
    self.program = program
    let free = settings.unpackFreeMegabytes << 20
    limit = min(settings.unpackMaxGigabytes << 30, max(free, compressed * settings.unpackRatio))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    ServiceNotify.beat()
    let count: Int
    do throws(SystemError) {
      count = try child.output!.read(into: buffer)
    } catch {
      throw ReadFailure("unpack", "\(program): \(error)", offset: delivered, remedy: "drop the file again")
    }
    delivered += count
    if delivered > limit {
      child.signal(9)
      throw ReadFailure(
        "bomb", "\(program) unpacked more than \(limit) bytes", offset: delivered,
        remedy: "unpack it yourself if it is what you mean, or raise read.unpack_ratio")
    }
    if count == 0 {
      let status = child.wait()
      if status != 0 {
        throw ReadFailure(
          "damaged", "\(program) ended with status \(status): the file is cut or damaged", offset: delivered,
          remedy: "copy it again and compare sizes")
      }
    }
    return count
  }
}
