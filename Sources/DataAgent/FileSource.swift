import Decoding
import Posix

/// A claimed file as the decoders read it.
final class FileSource: ByteSource {
  private let file: File
  private let patience: ReadPatience

  init(_ file: File, _ patience: ReadPatience) {
    self.file = file
    self.patience = patience
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    ServiceNotify.beat()
    do throws(SystemError) {
      let count = try patience.wait { () throws(SystemError) in try file.read(into: buffer) }
      PoisonPoint.taste(UnsafeRawBufferPointer(rebasing: buffer[..<count]).assumingMemoryBound(to: UInt8.self), .source)
      return count
    } catch {
      throw ReadFailure("unreadable", "\(error)", offset: 0, remedy: "check the disk and drop the file again")
    }
  }
}
