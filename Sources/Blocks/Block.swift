import Bytes
import Posix

/// A published block, mapped into memory. Sizes, index and channels are checked when it is opened; `verify` reads
/// every byte.
public final class Block: Sendable {
  public let manifest: BlockManifest
  let directory: Directory
  let index: MegatronIndex.View
  private let maps: [MappedFile]
  /// The raw bytes of .bin and .channels.
  nonisolated(unsafe) let tokenBytes: UnsafeRawBufferPointer
  nonisolated(unsafe) let channelBytes: UnsafeRawBufferPointer

  public convenience init(_ directory: Directory, number: Int) throws(BlockError) {
    try self.init(directory, BlockManifest.read(directory, number))
  }

  public init(_ directory: Directory, _ manifest: BlockManifest) throws(BlockError) {
    var maps: [MappedFile] = []
    for name in manifest.name.companions { maps.append(try Block.map(directory, name, manifest)) }
    self.manifest = manifest
    self.directory = directory
    self.maps = maps
    tokenBytes = maps[0].bytes
    channelBytes = maps[2].bytes
    guard tokenBytes.count == manifest.tokens * manifest.tokenType.size else {
      throw BlockError(
        maps[0].path, at: tokenBytes.count, "does not hold \(manifest.tokens) tokens of \(manifest.tokenType.rawValue)",
        remedy: BlockError.recompose)
    }
    index = try MegatronIndex.View(maps[1], manifest.tokenType)
    guard index.sequences == manifest.documents, channelBytes.count == manifest.documents else {
      throw BlockError(
        maps[1].path, at: 18,
        "\(index.sequences) sequences and \(channelBytes.count) channels, the manifest says \(manifest.documents)",
        remedy: BlockError.recompose)
    }
    try checkIndex()
    try checkChannels()
  }

  private static func map(
    _ directory: Directory, _ name: Path, _ manifest: BlockManifest
  ) throws(BlockError) -> MappedFile {
    guard let entry = manifest.files.first(where: { $0.name == name.description }) else {
      throw BlockError(
        directory.path / manifest.name.manifest, "does not list \(name)", remedy: ManifestFields.remedy)
    }
    let map = try BlockError.system { () throws(SystemError) in try MappedFile(directory.openFile(name)) }
    guard map.bytes.count == entry.size else {
      throw BlockError(
        map.path, at: min(map.bytes.count, entry.size), "has \(map.bytes.count) bytes, the manifest says \(entry.size)",
        remedy: BlockError.recompose)
    }
    return map
  }

  public var tokens: Int { manifest.tokens }
  public var sequences: Int { manifest.documents }

  /// The channel's position in the manifest's list.
  public func channel(_ sequence: Int) -> UInt8 { channelBytes[sequence] }
  public func length(_ sequence: Int) -> Int { index.length(sequence) }

  /// Where the sequence begins, in tokens from the start of the block.
  public func start(_ sequence: Int) -> Int { index.offset(sequence) / manifest.tokenType.size }

  /// The tokens of a sequence into `tokens`, which keeps its memory.
  public func copy(_ sequence: Int, into tokens: inout [Int32]) {
    copy(from: start(sequence), count: length(sequence), into: &tokens)
  }

  /// Tokens from a position in the block into `tokens`, which keeps its memory.
  public func copy(from start: Int, count: Int, into tokens: inout [Int32]) {
    if tokens.count < count { tokens = [Int32](repeating: 0, count: count) }
    if tokens.count > count { tokens.removeLast(tokens.count - count) }
    tokens.withUnsafeMutableBufferPointer { copy(from: start, into: $0) }
  }

  func copy(from start: Int, into target: UnsafeMutableBufferPointer<Int32>) {
    precondition(start >= 0 && start + target.count <= tokens, "tokens beyond the block")
    if target.isEmpty { return }
    let base = tokenBytes.baseAddress! + start * manifest.tokenType.size
    if manifest.tokenType == .uint16 {
      _ = TokenCopy.widen(base.assumingMemoryBound(to: UInt16.self), target.baseAddress!, target.count)
    } else {
      UnsafeMutableRawPointer(target.baseAddress!).copyMemory(from: base, byteCount: 4 * target.count)
    }
  }

  /// The sequence that holds the token at `position`.
  public func sequence(at position: Int) -> Int {
    var low = 0
    var high = sequences
    while high - low > 1 {
      let middle = (low + high) / 2
      if start(middle) <= position { low = middle } else { high = middle }
    }
    return low
  }
}
