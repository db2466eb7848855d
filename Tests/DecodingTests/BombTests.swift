import Decoding
import Testing

/// zstd frames written by hand: blocks of one repeated byte are the densest there is, 128 KiB from four bytes.
@Suite struct BombTests {
  private static let blockBytes = 1 << 17

  /// - Parameters:
  ///   - windowLog: what the frame asks the reader to remember.
  ///   - claimed: the content size its header tells; nil: none.
  private static func frame(blocks: Int, of byte: UInt8 = 0x78, windowLog: UInt8 = 17, claimed: UInt64? = nil)
    -> [UInt8]
  {
    var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, claimed == nil ? 0x00 : 0xC0, (windowLog - 10) << 3]
    if let claimed { bytes += (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * UInt64($0))) } }
    for block in 0..<blocks {
      let header = UInt32(block == blocks - 1 ? 1 : 0) | 1 << 1 | UInt32(blockBytes) << 3
      bytes += [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16), byte]
    }
    return bytes
  }

  private static func unpack(
    _ bytes: [UInt8], _ settings: ReadSettings, step: Int = 1 << 20
  ) -> (count: Int, failure: ReadFailure?) {
    let source = ZstdSource(MemorySource(bytes), settings: settings)
    var chunk = [UInt8](repeating: 0, count: step)
    var total = 0
    do throws(ReadFailure) {
      while true {
        var failure: ReadFailure?
        let count = chunk.withUnsafeMutableBytes { buffer in
          do throws(ReadFailure) { return try source.read(into: buffer) } catch {
            failure = error
            return 0
          }
        }
        if let failure { throw failure }
        if count == 0 { return (total, nil) }
        total += count
      }
    } catch {
      return (total, error)
    }
  }

  private static func settings(free: Int = 1, ratio: Int = 200, most: Int = 1024) -> ReadSettings {
    var settings = ReadSettings()
    settings.unpackFreeMegabytes = free
    settings.unpackRatio = ratio
    settings.unpackMaxGigabytes = most
    return settings
  }

  @Test("a bomb stops at the same byte whatever the size of reads", arguments: [1000, 4097, 1 << 17, 1 << 20])
  func exactly(_ step: Int) {
    let bomb = Self.frame(blocks: 8192)
    let (count, failure) = Self.unpack(bomb, Self.settings(), step: step)
    #expect(count == max(1 << 20, bomb.count * 200))
    #expect(failure?.code == "bomb" && failure?.offset == count)
    #expect(failure?.remedy.contains("unpack_ratio") == true)
  }

  @Test func whatStaysBelowTheBoundIsHonest() {
    let bomb = Self.frame(blocks: 8)
    #expect(Self.unpack(bomb, Self.settings()).count == 1 << 20)
    #expect(Self.unpack(bomb, Self.settings()).failure == nil, "exactly at the bound")
    #expect(Self.unpack(bomb + Self.frame(blocks: 1), Self.settings()).failure?.code == "bomb", "frames add up")
    #expect(Self.unpack(bomb + bomb, Self.settings(free: 2)).failure == nil)
  }

  @Test func inTotal() {
    let (count, failure) = Self.unpack(Self.frame(blocks: 8193), Self.settings(ratio: 100_000, most: 1))
    #expect(count == 1 << 30)
    #expect(failure?.code == "bomb" && failure?.message.contains("1 GiB") == true)
  }

  @Test(arguments: [(27 as UInt8, nil as String?), (28, "bomb"), (31, "bomb"), (41, "bomb")])
  func windows(_ log: UInt8, _ code: String?) {
    let (count, failure) = Self.unpack(Self.frame(blocks: 2, windowLog: log), Self.settings())
    #expect(failure?.code == code)
    #expect(count == (code == nil ? 2 * Self.blockBytes : 0))
    if code != nil { #expect(failure?.remedy.contains("zstd -d --long=31") == true) }
  }

  /// Too small, too large, absurd: nothing is allocated by it, and the frame does not pass.
  @Test(arguments: [10, 1 << 40, UInt64.max - 1])
  func contentSizesThatLie(_ claimed: UInt64) {
    let (count, failure) = Self.unpack(Self.frame(blocks: 2, claimed: claimed), Self.settings())
    #expect(failure?.code == "decompress" && count <= 2 * Self.blockBytes)
    #expect(Self.unpack(Self.frame(blocks: 2, claimed: 2 << 17), Self.settings()).failure == nil)
  }

  @Test func documentsBeforeABombStay() {
    let line = Array("{\"text\": \"before\"}\n".utf8)
    // A raw block of the line, last of its frame.
    let header = UInt32(1) | UInt32(line.count) << 3
    let good: [UInt8] =
      [0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3, UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + line
    let outcome = readAll(
      MemorySource(good + good + Self.frame(blocks: 8192)), FileFormat(.jsonLines, compression: .zstd),
      settings: Self.settings(free: 20))
    #expect(outcome.texts == ["before", "before"])
    #expect(outcome.failure?.code == "bomb")
  }

  @Test("a record with more members than anybody needs is set aside alone")
  func members() {
    let many = "{\"text\": \"a\"" + (0..<70_000).map { ", \"\($0)\": 0" }.joined() + "}\n{\"text\": \"b\"}\n"
    let outcome = readAll(many, .jsonLines)
    #expect(outcome.texts == ["b"])
    #expect(outcome.badLines.first?.reason.contains("more than 65536 members") == true)
  }

  @Test(
    "a record that must not be decoded is passed over, the others are read",
    arguments: [FileFormat.Kind.jsonLines, .json])
  func passedOver(_ kind: FileFormat.Kind) throws {
    let lines = "{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n{\"text\": \"c\"}\n"
    let reader = DocumentReader(
      source: MemorySource(Array(lines.utf8)), format: FileFormat(kind), settings: ReadSettings(),
      options: SourceOptions())
    var seen = 0
    reader.beforeDecoding = { _ in seen += 1 }
    _ = try reader.next()
    guard case .badLine(let bad)? = try reader.skip("not here") else {
      Issue.record("passed over, a record is a bad line")
      return
    }
    #expect(bad.reason == "not here" && bad.bytes == Array("{\"text\": \"b\"}".utf8))
    #expect(seen == 1)
    guard case .document(let last)? = try reader.next() else {
      Issue.record("the record after it is read")
      return
    }
    #expect(last.text == Array("c".utf8) && last.record == 2)
    #expect(try reader.next() == nil)
  }
}
