import Decoding
import Posix

/// A claimed file as the decoders read it.
final class FileSource: ByteSource {
  private let file: File

  init(_ file: File) { self.file = file }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    ServiceNotify.beat()
    do throws(SystemError) {
      let count = try file.read(into: buffer)
      PoisonPoint.taste(UnsafeRawBufferPointer(rebasing: buffer[..<count]).assumingMemoryBound(to: UInt8.self), .source)
      return count
    } catch {
      throw ReadFailure("unreadable", "\(error)", offset: 0, remedy: "check the disk and drop the file again")
    }
  }
}
