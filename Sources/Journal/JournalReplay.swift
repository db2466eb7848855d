/// What a short journal's bytes say, kept as a whole. Long ones are read with `JournalScan`.
public struct JournalReplay: Sendable {
  /// The records in order, without their checksums.
  public let records: [[UInt8]]
  /// Bytes up to here are good; what follows is a torn tail, to be cut before writing on.
  public let end: Int
  /// Where writing goes on.
  public let chain: JournalChain

  /// - Throws: `JournalDamage` when a bad line is followed by a good one: that is corruption, not a torn tail.
  public init(_ bytes: [UInt8], from start: JournalChain = JournalChain()) throws(JournalDamage) {
    let result: Result<JournalReplay, JournalDamage> = bytes.withUnsafeBytes { buffer in
      Result { () throws(JournalDamage) in try JournalReplay(JournalScan(buffer, from: start)) }
    }
    self = try result.get()
  }

  private init(_ start: JournalScan) throws(JournalDamage) {
    var scan = start
    var records: [[UInt8]] = []
    while let record = try scan.next() { records.append(Array(record)) }
    self.records = records
    end = scan.end
    chain = scan.chain
  }
}
