import Bytes
import CKernels
import Fixtures
import Testing

@Suite struct DigestTests {
  /// FIPS 180-4 examples and the one million letters of its appendix.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func known(_ text: String, _ expected: String) { #expect(Digest.hex(Digest.sha256(Array(text.utf8))) == expected) }

  @Test(arguments: [11, 12] as [UInt64])
  func anyPartsGiveTheReferencesDigest(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for length in Array(0...130) + [255, 256, 257, 1000, 4097] {
      let bytes = random.bytes(length)
      var reference = [UInt8](repeating: 0, count: 32)
      ck_sha256_reference(bytes, bytes.count, &reference)
      #expect(Digest.sha256(bytes) == reference, "length \(length)")
      var digest = Digest()
      var position = 0
      while position < length {
        let end = min(length, position + 1 + random.below(70))
        digest.update(Array(bytes[position..<end]))
        position = end
      }
      #expect(digest.finish() == reference, "length \(length) in parts")
    }
  }
}

@Suite struct ChecksumTests {
  /// RFC 3720 B.4 and the check value of the CRC catalogue.
  @Test(
    arguments: [
      (Array("123456789".utf8), 0xE306_9283), ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), (Array(0..<32), 0x46DD_794E),
      (Array((0..<32).reversed()), 0x113F_DB5C), ([], 0),
    ] as [([UInt8], UInt32)])
  func known(_ bytes: [UInt8], _ expected: UInt32) { #expect(Checksum.crc32c(bytes) == expected) }

  @Test(arguments: [21, 22] as [UInt64])
  func equalToTheReferenceAndContinuable(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for length in Array(0...70) + [1000, 4099] {
      let bytes = random.bytes(length)
      let whole = Checksum.crc32c(bytes)
      #expect(whole == ck_crc32c_reference(0, bytes, bytes.count), "length \(length)")
      let cut = length == 0 ? 0 : random.below(length)
      #expect(Checksum.crc32c(Array(bytes[cut...]), from: Checksum.crc32c(Array(bytes[..<cut]))) == whole)
    }
  }
}

@Suite struct HexTests {
  @Test func everyByteComesBack() {
    let all = (0...255).map { UInt8($0) }
    #expect(Hex.decode(Hex.encode(all)) == all)
    #expect(Hex.decode(Hex.encode(all).uppercased()) == all)
    #expect(Hex.encode([0x0A, 0xF0]) == "0af0")
  }

  @Test(arguments: ["a", "0g", "+1", " 1", "é"])
  func whatIsNoneIsNil(_ text: String) { #expect(Hex.decode(text) == nil) }
}

@Suite struct IdentifierTests {
  @Test func firstBitsOfTheDigest() {
    let id = Identifier(of: Array("abc".utf8))
    #expect(id.description == "ba7816bf8f01cfea414140de5dae2223")
    #expect(Identifier(id.description) == id)
    #expect(Identifier(digest: id.bytes) == id)
    #expect(id.high == 0xba78_16bf_8f01_cfea)
  }

  @Test(arguments: [
    "", "ba78", "ba7816bf8f01cfea414140de5dae222", "ba7816bf8f01cfea414140de5dae2223aa",
    "zz7816bf8f01cfea414140de5dae2223",
  ])
  func otherTextsAreNone(_ text: String) { #expect(Identifier(text) == nil) }

  @Test func orderIsThatOfTheDigits() {
    var random = SeededRandom(31)
    let ids = (0..<100).map { _ in Identifier(high: random.next() % 4, low: random.next()) }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
  }
}

@Suite struct LittleEndianTests {
  @Test func lowByteFirst() {
    var bytes: [UInt8] = []
    LittleEndian.append(UInt32(0x0102_0304), to: &bytes)
    LittleEndian.append(UInt16(0xAABB), to: &bytes)
    LittleEndian.append(Float(1), to: &bytes)
    #expect(bytes == [4, 3, 2, 1, 0xBB, 0xAA, 0, 0, 0x80, 0x3F])
    #expect(LittleEndian.read(UInt32.self, bytes, at: 0) == 0x0102_0304)
    #expect(LittleEndian.read(UInt16.self, bytes, at: 4) == 0xAABB)
    #expect(LittleEndian.read(UInt32.self, bytes, at: 3) == 0x00AA_BB01, "any offset")
    #expect(Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: 6)) == 1)
  }

  @Test func signedNumbersComeBack() {
    for number in [Int32.min, -1, 0, 1, Int32.max] {
      var bytes: [UInt8] = []
      LittleEndian.append(number, to: &bytes)
      #expect(LittleEndian.read(Int32.self, bytes, at: 0) == number)
    }
  }
}
