import Bytes

/// File: "PTNGRAM1", u32 length of a JSON header (little endian), the header, the facts (f32), the table (i8), then the
/// first 8 bytes of the SHA-256 of all that.
extension NgramModel {
  public static let magic = Array("PTNGRAM1".utf8)

  /// The bytes of the model's file.
  public func encoded() -> [UInt8] {
    let head = JSONWriter.compact(
      .object([
        "task": .string(task), "classes": .array(classes.map { .string($0) }), "bits": .integer(bits),
        "documents": .integer(documents), "facts": .integer(factCount), "scale": .integer(Int(scale.bitPattern)),
        "bias": .array(bias.map { .integer(Int($0.bitPattern)) }),
        "percentiles": .array(
          percentiles.map {
            .object([
              "channel": .string($0.channel), "margins": .array($0.margins.map { .integer(Int($0.bitPattern)) }),
            ])
          }),
      ]))
    var bytes = NgramModel.magic
    LittleEndian.append(UInt32(head.count), to: &bytes)
    bytes += head
    for weight in facts { LittleEndian.append(weight, to: &bytes) }
    table.withUnsafeBytes { bytes += $0 }
    return bytes + Digest.sha256(bytes).prefix(8)
  }

  /// A model from the bytes of its file.
  public init(_ bytes: [UInt8]) throws(NgramModelError) {
    guard bytes.count > 20, bytes.starts(with: NgramModel.magic) else {
      throw NgramModelError(
        "no n-gram model: it does not start with PTNGRAM1; train one with: pretraind classifier train")
    }
    let end = bytes.count - 8
    let digest = bytes.withUnsafeBytes { Digest.sha256(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard bytes[end...].elementsEqual(digest.prefix(8)) else {
      throw NgramModelError("offset \(end): the checksum does not agree; copy the file again")
    }
    let start = 12 + Int(LittleEndian.read(UInt32.self, bytes, at: 8))
    guard start <= end, let head = try? JSONParser.parse(Array(bytes[12..<start])) else {
      throw NgramModelError("offset 12: the header is no JSON; train the model anew with this program")
    }
    guard let task = head["task"]?.string, let classes = head["classes"]?.array?.compactMap(\.string),
      let bits = head["bits"]?.integer, (8...22).contains(bits), let documents = head["documents"]?.integer,
      let facts = head["facts"]?.integer, (0...65_536).contains(facts), let scale = head["scale"].flatMap(Self.float),
      let bias = head["bias"]?.array?.compactMap(Self.float), (1...NgramModel.mostClasses).contains(bias.count)
    else { throw NgramModelError("offset 12: the header lacks something; train the model anew with this program") }
    let factBytes = 4 * facts * bias.count
    guard end - start == factBytes + NgramModel.lanes(bias.count) << bits else {
      throw NgramModelError("offset \(start): \(end - start) bytes of weights do not fit the header; is the file cut?")
    }
    let weights = (0..<(facts * bias.count)).map {
      Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: start + 4 * $0))
    }
    let percentiles = (head["percentiles"]?.array ?? []).map {
      Percentiles(
        channel: $0["channel"]?.string ?? "", margins: $0["margins"]?.array?.compactMap(Self.float) ?? [])
    }
    try self.init(
      task: task, classes: classes, bits: bits, scale: scale, bias: bias,
      table: bytes[(start + factBytes)..<end].withUnsafeBytes { Array($0.bindMemory(to: Int8.self)) }, facts: weights,
      documents: documents,
      percentiles: percentiles)
  }

  /// Floats are written as their bits, so that a model read is the model written.
  private static func float(_ value: JSONValue) -> Float? {
    value.integer.flatMap { UInt32(exactly: $0) }.map { Float(bitPattern: $0) }
  }
}
