import Bytes
import Posix

/// The .idx file of Megatron-LM's indexed dataset, version 1 (`megatron/core/datasets/indexed_dataset.py`):
/// magic, version, type, counts, int32 lengths, int64 byte offsets, int64 first sequences of documents. Each of our
/// sequences is a document of its own.
enum MegatronIndex {
  static let magic: [UInt8] = Array("MMIDIDX".utf8) + [0, 0]
  static let headerBytes = 34

  static func size(sequences: Int) -> Int { headerBytes + 12 * sequences + 8 * (sequences + 1) }

  static func write(_ lengths: [Int32], _ type: TokenType, to file: DigestingFile) throws(SystemError) {
    var header = magic
    LittleEndian.append(UInt64(1), to: &header)
    header.append(type.code)
    LittleEndian.append(UInt64(lengths.count), to: &header)
    LittleEndian.append(UInt64(lengths.count + 1), to: &header)
    try file.write(header)
    for length in lengths {
      try file.reserve(4).storeBytes(of: length.littleEndian, as: Int32.self)
      file.commit(4)
    }
    var offset = 0
    for length in lengths {
      try put(offset, file)
      offset += Int(length) * type.size
    }
    for document in 0...lengths.count { try put(document, file) }
  }

  private static func put(_ number: Int, _ file: DigestingFile) throws(SystemError) {
    try file.reserve(8).storeBytes(of: Int64(number).littleEndian, as: Int64.self)
    file.commit(8)
  }

  /// A mapped index; the header and the size were checked, the arrays only by `verify`.
  struct View: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    let sequences: Int

    init(_ map: MappedFile, _ type: TokenType) throws(BlockError) {
      func bad(_ offset: Int, _ reason: String) -> BlockError {
        BlockError(map.path, at: offset, reason, remedy: BlockError.recompose)
      }
      bytes = map.bytes
      guard bytes.count >= headerBytes else { throw bad(bytes.count, "ends inside the header") }
      guard bytes.prefix(magic.count).elementsEqual(magic) else { throw bad(0, "is no Megatron index (MMIDIDX)") }
      guard LittleEndian.read(UInt64.self, bytes, at: 9) == 1 else { throw bad(9, "has not version 1") }
      guard bytes[17] == type.code else {
        throw bad(17, "has token type \(bytes[17]), the manifest says \(type.rawValue) (\(type.code))")
      }
      let count = LittleEndian.read(UInt64.self, bytes, at: 18)
      guard count < 1 << 40, bytes.count == MegatronIndex.size(sequences: Int(count)) else {
        throw bad(18, "\(count) sequences do not fit a file of \(bytes.count) bytes")
      }
      guard LittleEndian.read(UInt64.self, bytes, at: 26) == count + 1 else {
        throw bad(26, "has not as many documents as sequences")
      }
      sequences = Int(count)
    }

    func length(_ sequence: Int) -> Int {
      Int(LittleEndian.read(Int32.self, bytes, at: headerBytes + 4 * sequence))
    }

    /// Byte offset of the sequence in the .bin file.
    func offset(_ sequence: Int) -> Int {
      Int(LittleEndian.read(Int64.self, bytes, at: headerBytes + 4 * sequences + 8 * sequence))
    }

    func document(_ index: Int) -> Int {
      Int(LittleEndian.read(Int64.self, bytes, at: headerBytes + 12 * sequences + 8 * index))
    }
  }
}

extension BlockError {
  static let recompose = "restore the file from a copy, or discard the block so that it is composed again"
}
