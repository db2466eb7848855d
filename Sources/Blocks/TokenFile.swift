import Bytes
import Posix

/// Tokens kept beside a batch: `PREFIX.bin` and `PREFIX.idx`, Megatron's format too, a sequence a document; removed
/// documents have empty sequences. `.idx` is renamed last: the file exists exactly when it does.
public final class TokenFileWriter {
  private let folder: Directory
  private let prefix: String
  private let type: TokenType
  private let file: DigestingFile
  private var lengths: [Int32] = []

  public init(_ folder: Directory, prefix: String, vocabulary: Int) throws(BlockError) {
    self.folder = folder
    self.prefix = prefix
    type = TokenType(vocabulary: vocabulary)
    file = try BlockError.system { () throws(SystemError) in
      for leftover in [Path(prefix + ".idx"), Path(prefix + ".bin")] where try folder.isThere(leftover) {
        try folder.remove(leftover)
      }
      return try DigestingFile(folder, Path(prefix + ".bin"))
    }
  }

  public func append(_ tokens: UnsafeBufferPointer<Int32>) throws(BlockError) {
    lengths.append(Int32(tokens.count))
    var done = 0
    while done < tokens.count {
      let count = min(tokens.count - done, DigestingFile.stagingBytes / type.size)
      let source = tokens.baseAddress! + done
      let target = try BlockError.system { () throws(SystemError) in try file.reserve(count * type.size) }
      if type == .uint16 {
        _ = TokenCopy.narrow(source, target, count)
      } else {
        _ = TokenCopy.copy(source, target, count)
      }
      file.commit(count * type.size)
      done += count
    }
  }

  /// Gives the file up: what a full disk cut off must not keep the room that others wait for.
  public func discard() {
    for name in [".bin", ".idx"] { try? folder.remove(Directory.temporary(Path(prefix + name))) }
  }

  public func publish() throws(BlockError) {
    try BlockError.system { () throws(SystemError) in
      _ = try file.finish(Path(prefix + ".bin"))
      let index = try DigestingFile(folder, Path(prefix + ".idx"))
      try MegatronIndex.write(lengths, type, to: index)
      _ = try index.finish(Path(prefix + ".idx"))
      try folder.rename(Directory.temporary(Path(prefix + ".bin")), to: folder, Path(prefix + ".bin"))
      try folder.sync()
      try folder.commit(Path(prefix + ".idx"))
    }
  }
}

/// A published token file, mapped.
public final class TokenFile: Sendable {
  private let tokens: MappedFile
  private let index: MegatronIndex.View
  private let indexMap: MappedFile
  private let type: TokenType

  public static func exists(_ folder: Directory, prefix: String) throws(SystemError) -> Bool {
    try folder.isThere(Path(prefix + ".idx"))
  }

  public init(_ folder: Directory, prefix: String, vocabulary: Int) throws(BlockError) {
    let type = TokenType(vocabulary: vocabulary)
    let (tokens, map) = try BlockError.system { () throws(SystemError) in
      (
        try MappedFile(try folder.openFile(Path(prefix + ".bin"))),
        try MappedFile(try folder.openFile(Path(prefix + ".idx")))
      )
    }
    self.tokens = tokens
    self.type = type
    indexMap = map
    index = try MegatronIndex.View(map, type)
  }

  public var count: Int { index.sequences }

  public func length(_ sequence: Int) -> Int { index.length(sequence) }

  /// Puts tokens of a sequence into `buffer`, in place of what it holds.
  public func copy(_ sequence: Int, _ range: Range<Int>, into buffer: inout [Int32]) {
    let base = tokens.bytes.baseAddress! + index.offset(sequence) + range.lowerBound * type.size
    buffer.removeAll(keepingCapacity: true)
    if type == .uint16 {
      let ids = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt16.self), count: range.count)
      for id in ids { buffer.append(Int32(id)) }
    } else {
      buffer += UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int32.self), count: range.count)
    }
  }

  /// Appends `count` tokens of a sequence, from its token `start`, to a block, without widening them.
  public func append(
    _ sequence: Int, start: Int, count: Int, channel: UInt8, to writer: BlockWriter
  ) throws(BlockError) {
    let base = tokens.bytes.baseAddress! + index.offset(sequence) + start * type.size
    if type == .uint16 {
      try writer.append(
        UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt16.self), count: count), channel: channel)
    } else {
      try writer.append(
        UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int32.self), count: count), channel: channel)
    }
  }
}
