import CKernels
import Fixtures
import Testing

@Suite struct CandidateKernelTests {
  /// Three fingerprints: a Latin word, one of three bytes' length, two Han characters from the second byte on.
  private static func table() -> ck_literals {
    var table = ck_literals()
    withUnsafeMutableBytes(of: &table) { table in
      let hashes = UnsafeMutableRawBufferPointer(rebasing: table[128...]).bindMemory(to: UInt64.self)
      for (set, word) in [(0, Array("abcd".utf8)), (3, Array("qq1z".utf8)), (5, [0xAC, 0xE8, 0xBD, 0xBD])] {
        for (place, byte) in word.enumerated() {
          table[place * 16 + Int(byte & 15)] |= 1 << set
          table[64 + place * 16 + Int(byte >> 4)] |= 1 << set
          if byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A { table[64 + place * 16 + Int((byte ^ 0x20) >> 4)] |= 1 << set }
        }
        let hash = Int(ck_literal_hash(word.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }))
        hashes[hash >> 6] |= 1 << UInt64(hash & 63)
      }
    }
    return table
  }

  private static let alphabet =
    Array("0123456789012345:..--  ++@ABCDEFabcdQQQ1ZzABCDabcdabcd\n9:".utf8) + [
      0xE8, 0xBD, 0xAC, 0xE8, 0xBD, 0xBD, 0xC2, 0xB7,
    ]

  private func text(_ random: inout Seeded) -> [UInt8] {
    let sticky = random.below(3)
    var bytes: [UInt8] = []
    for _ in 0..<random.below(400) {
      let repeats = sticky > 0 && random.below(3) > 0
      if repeats, let last = bytes.last, last >= 0x30 && last <= 0x39 {
        bytes.append(UInt8(0x30 + random.below(10)))
      } else {
        bytes.append(random.pick(Self.alphabet))
      }
    }
    return bytes
  }

  private func all(
    _ bytes: [UInt8], capacity: Int, _ table: inout ck_literals,
    _ find: (
      UnsafePointer<UInt8>?, Int, Int, UnsafePointer<ck_literals>?, UnsafeMutablePointer<ck_candidate>?, Int,
      UnsafeMutablePointer<Int>?
    ) -> Int
  ) -> [[Int]] {
    var found: [[Int]] = []
    var from = 0
    var buffer = [ck_candidate](repeating: ck_candidate(), count: capacity)
    while from < bytes.count {
      let count = find(bytes, from, bytes.count, &table, &buffer, capacity, &from)
      found += buffer[..<count].map { [Int($0.place), Int($0.shapes)] }
    }
    return found
  }

  @Test func theVectorScanAgreesWithItsTwin() {
    let seed = UInt64.random(in: 0 ... .max)
    print("CandidateKernelTests seed \(seed)")
    var random = Seeded(seed)
    var table = Self.table()
    var seen = 0
    var texts = 0
    // A rare shape may be late.
    while texts < 1500 || seen != 127 && texts < 50_000 {
      texts += 1
      let bytes = text(&random)
      let fast = all(bytes, capacity: 64 + random.below(100), &table, ck_candidates)
      let plain = all(bytes, capacity: 64 + random.below(100), &table, ck_candidates_reference)
      #expect(fast == plain, "seed \(seed)")
      seen = fast.reduce(seen) { $0 | $1[1] }
    }
    #expect(seen == 127, "not every shape came up, seed \(seed)")
  }
}
