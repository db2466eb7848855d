import Bytes
import Fixtures
import Glibc
import Posix
import Testing
import Training

@Suite struct SafeTensorsTests {
  @Test func headerIsTheReferencesByteForByte() {
    let header = SafeTensors.header([TensorInfo("w", [2, 2])], type: "BF16", elementSize: 2)
    let json =
      "{\"__metadata__\":{\"format\":\"pt\"},\"w\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0,8]}}"
    #expect(Array(header[..<8]) == [0x58, 0, 0, 0, 0, 0, 0, 0])
    #expect(String(decoding: header[8...], as: UTF8.self) == json)
  }

  @Test(arguments: [1, 2, 3, 7, 100])
  func headersEndOnAMultipleOfEight(_ length: Int) {
    let name = String(repeating: "x", count: length)
    #expect(SafeTensors.header([TensorInfo(name, [3])], type: "F32", elementSize: 4).count % 8 == 0)
  }

  private func entries(_ header: String, data: Int) throws -> [SafeTensors.Entry] {
    var bytes: [UInt8] = []
    LittleEndian.append(UInt64(header.utf8.count), to: &bytes)
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: data)
    let result = bytes.withUnsafeBytes { buffer in
      Result { try SafeTensors.entries(buffer, file: "test").entries }
    }
    return try result.get()
  }

  @Test func whatTheWriterWritesTheReaderReads() throws {
    let tensors = [TensorInfo("a", [2, 3]), TensorInfo("b", [4])]
    let header = SafeTensors.header(tensors, type: "F32", elementSize: 4)
    let read = try entries(String(decoding: header[8...], as: UTF8.self), data: 40)
    #expect(read.map(\.name) == ["a", "b"])
    #expect(read.map(\.shape) == [[2, 3], [4]])
    #expect(read.map(\.bytes) == [0..<24, 24..<40])
  }

  @Test(arguments: [
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "8 bytes of data where 4"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "hole"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "malformed"), ("{", 0, "no JSON"),
  ])
  func brokenFilesAreRefused(_ header: String, _ data: Int, _ reason: String) {
    #expect { try entries(header, data: data) } throws: { error in "\(error)".contains(reason) }
  }
}

@Suite struct HuggingFaceConfigTests {
  private let shape = ModelShape(
    vocabulary: 512, layers: 2, hidden: 64, heads: 4, kvHeads: 2, intermediate: 128, ropeTheta: 500_000)

  @Test func olderAndNewerLibrariesFindTheirKeys() {
    let json = HuggingFaceConfig(shape: shape, maxPositions: 256, endToken: 3).config
    #expect(json["rope_theta"]?.number == 500_000)
    #expect(json["rope_parameters"]?["rope_theta"]?.number == 500_000)
    #expect(json["rope_parameters"]?["rope_type"]?.string == "default")
    #expect(json["torch_dtype"]?.string == "float32")
    #expect(json["dtype"]?.string == "float32")
    #expect(json["tie_word_embeddings"]?.bool == true)
    #expect(json["eos_token_id"]?.integer == 3)
    #expect(json["rms_norm_eps"]?.number == 1e-5)
    #expect(json["architectures"]?.array?.first?.string == "LlamaForCausalLM")
  }

  @Test func readsWhatItWrites() throws {
    let config = HuggingFaceConfig(shape: shape, maxPositions: 256, endToken: 3)
    #expect(HuggingFaceConfig(try JSONParser.parse(JSONWriter.pretty(config.config))) == config)
  }
}

@Suite struct TensorBoardTests {
  @Test func recordsAreByteForByte() {
    #expect(
      Hex.encode(TensorBoardRecord.version(wallTime: 1))
        == "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a")
    #expect(
      Hex.encode(TensorBoardRecord.scalar("loss/zh", 2.5, step: 300, wallTime: 2))
        == "1e00000000000000d9dc123209000000000000004010ac022a100a0e0a076c6f73732f7a6815000020403972f31b")
    #expect(
      Hex.encode(TensorBoardRecord.sessionStart(step: 300, wallTime: 3))
        == "100000000000000095fbfe1809000000000000084010ac023a020801b5c2fb5c")
  }

  @Test func everyProcessHasItsOwnFile() throws {
    let scratch = try Scratch()
    for sequence in 0..<2 {
      let file = try TensorBoardFile(in: scratch.directory, step: 1, process: 7, sequence: sequence)
      try file.add([("loss/all", 1)], step: 1, wallTime: 1)
    }
    let names = try scratch.directory.names().map(\.description)
    #expect(names.count == 2)
    #expect(names.allSatisfy { $0.hasPrefix("events.out.tfevents.") && $0.split(separator: ".").count >= 7 })
  }
}

@Suite struct NameTests {
  @Test(arguments: ["init", "part-00000", "part-00123", "part-123456", "save-0000120-000007", "auto-0000001-000001"])
  func namesReadBack(_ text: String) {
    #expect(CheckpointName(text)?.text == text)
    #expect(CheckpointReference("g0001/" + text)?.text == "g0001/" + text)
  }

  @Test(arguments: [
    "", "Init", "part-1", "part-0x001", "part-000001", "save-120-7", "save-0000120", "g0001/init", ".init.tmp",
  ])
  func otherNamesAreNone(_ text: String) {
    #expect(CheckpointName(text) == nil)
  }

  @Test(arguments: ["init", "g1/init", "g0000/", "g0000/init/x", "x0000/init"])
  func otherReferencesAreNone(_ text: String) {
    #expect(CheckpointReference(text) == nil)
  }
}

@Suite struct MetricsLogTests {
  @Test(arguments: [
    ("", "{\"a\":1}\n"), ("{\"b\":1}\n", "{\"b\":1}\n{\"a\":1}\n"), ("{\"b\":1}\n{\"tor", "{\"b\":1}\n{\"a\":1}\n"),
    ("{\"tor", "{\"a\":1}\n"),
  ])
  func halfALineIsCut(_ before: String, _ after: String) throws {
    let scratch = try Scratch()
    try scratch.directory.publish(MetricsLog.file, Array(before.utf8))
    try MetricsLog(in: scratch.directory).append([JSONMember("a", .integer(1))])
    #expect(String(decoding: try scratch.directory.read(MetricsLog.file), as: UTF8.self) == after)
  }
}
