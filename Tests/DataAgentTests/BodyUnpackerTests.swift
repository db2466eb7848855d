import Decoding
import Fixtures
import Glibc
import Posix
import Testing

@testable import DataAgent

/// Pages of web archives as their servers packed them.
@Suite(.serialized) struct BodyUnpackerTests {
  init() { Signals.install() }

  private static let page = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 5) }

  private static func packed(_ program: [String]) throws -> [UInt8] {
    let folder = try Scratch()
    try folder.write("page", page)
    let child = try LimitedChild(
      program, input: try folder.directory.openFile("page"),
      limits: ProcessLimits(memory: 1 << 30, processorSeconds: 9, silentSeconds: 9))
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 9999)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try child.read(into: $0) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func unpack(_ packing: String, _ bytes: [UInt8], limit: Int = 1 << 20) throws(PackedBody.Refusal)
    -> [UInt8]
  {
    try BodyUnpacker(settings: ReadSettings(), patience: ReadPatience(nil))
      .unpack(PackedBody(packing: packing, bytes: bytes, limit: limit))
  }

  private static func refusal(_ packing: String, _ bytes: [UInt8], limit: Int = 1 << 20) -> String? {
    do throws(PackedBody.Refusal) {
      _ = try unpack(packing, bytes, limit: limit)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test(arguments: ["gzip", "x-gzip"]) func gzip(_ packing: String) throws {
    let packed = try Self.packed(["gzip", "-c"])
    #expect(try Self.unpack(packing, packed) == Self.page)
    #expect(try Self.unpack(packing, packed + [0, 0, 0, 7, 7]) == Self.page, "what follows it is left out")
  }

  private static let hasBrotli = ["/usr/bin/brotli", "/bin/brotli", "/usr/local/bin/brotli"]
    .contains { (path: String) in access(path, X_OK) == 0 }

  @Test(.enabled(if: hasBrotli, "brotli is not installed")) func brotli() throws {
    let packed = try Self.packed(["brotli", "-c"])
    #expect(packed.count < Self.page.count)
    #expect(try Self.unpack("br", packed) == Self.page)
    #expect(Self.refusal("br", Array(packed.dropLast(20)))?.contains("brotli ended with status 1") == true)
    #expect(Self.refusal("br", packed, limit: 39_999)?.contains("read.max_document_mb") == true)
  }

  @Test func whatCannotBeUnpackedSaysWhy() throws {
    let packed = try Self.packed(["gzip", "-c"])
    #expect(Self.refusal("gzip", Array(packed.dropLast(20)))?.contains("gzip ended with status 1") == true)
    #expect(Self.refusal("gzip", packed, limit: 39_999)?.contains("read.max_document_mb") == true)
    #expect(Self.refusal("gzip", packed, limit: 40_000) == nil)
    #expect(Self.refusal("compress", packed)?.contains("not read") == true)
  }
}
