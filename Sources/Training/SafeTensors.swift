import Bytes
import Posix

/// Why a safetensors file cannot be used.
public struct SafeTensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  public let file: String
  public let reason: String
  public var description: String { "\(file): \(reason)" }

  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }
}

/// The safetensors layout (huggingface/safetensors, tensor.rs): u64 length of the header, the header as JSON padded
/// with
/// spaces to a multiple of 8, then the tensors' bytes without holes, little-endian, row-major.
public enum SafeTensors {
  public struct Entry: Equatable, Sendable {
    public let name: String
    public let type: String
    public let shape: [Int]
    /// Relative to the end of the header.
    public let bytes: Range<Int>
  }

  static let longestHeader = 100_000_000

  /// Length and header for tensors of one type, in this order. Hugging Face's loaders want the `format` entry.
  public static func header(_ tensors: [TensorInfo], type: String, elementSize: Int) -> [UInt8] {
    var members = [JSONMember("__metadata__", .object(["format": .string("pt")]))]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.count * elementSize
      let entry = JSONValue.object([
        "dtype": .string(type), "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": .array([.integer(offset), .integer(end)]),
      ])
      members.append(JSONMember(tensor.name, entry))
      offset = end
    }
    var json = JSONWriter.compact(.object(members))
    json += [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8)
    var bytes: [UInt8] = []
    LittleEndian.append(UInt64(json.count), to: &bytes)
    return bytes + json
  }

  /// The entries of a file's bytes and where the data begins; everything the format promises is checked.
  public static func entries(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(SafeTensorsError) -> (entries: [Entry], dataStart: Int) {
    func wrong(_ reason: String) -> SafeTensorsError { SafeTensorsError(file: file, reason: reason) }
    guard bytes.count >= 8 else { throw wrong("shorter than a safetensors header") }
    let length = LittleEndian.read(UInt64.self, bytes, at: 0)
    guard length <= UInt64(longestHeader), 8 + Int(length) <= bytes.count else {
      throw wrong("the header's length is wrong")
    }
    let start = 8 + Int(length)
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(Array(bytes[8..<start]))
    } catch {
      throw wrong("the header is no JSON: \(error)")
    }
    var entries: [Entry] = []
    for member in json.members ?? [] where member.name != "__metadata__" {
      guard let entry = entry(member) else { throw wrong("the entry of '\(member.name)' is malformed") }
      entries.append(entry)
    }
    try checkCover(entries, bytes.count - start, file)
    return (entries, start)
  }

  private static func entry(_ member: JSONMember) -> Entry? {
    guard let type = member.value["dtype"]?.string, let shape = member.value["shape"]?.array?.map({ $0.integer ?? -1 }),
      let offsets = member.value["data_offsets"]?.array?.compactMap(\.integer), offsets.count == 2,
      shape.allSatisfy({ $0 >= 0 }), offsets[0] >= 0, offsets[0] <= offsets[1]
    else { return nil }
    return Entry(name: member.name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  private static func checkCover(_ entries: [Entry], _ size: Int, _ file: String) throws(SafeTensorsError) {
    var end = 0
    for entry in entries.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
      guard entry.bytes.lowerBound == end else {
        throw SafeTensorsError(file: file, reason: "a hole or an overlap before '\(entry.name)'")
      }
      end = entry.bytes.upperBound
    }
    guard end == size else {
      throw SafeTensorsError(file: file, reason: "\(size) bytes of data where \(end) are described")
    }
    guard Set(entries.map(\.name)).count == entries.count else {
      throw SafeTensorsError(file: file, reason: "a tensor is there twice")
    }
  }
}

/// An open safetensors file of F32 tensors.
public struct SafeTensorsFile: Sendable {
  public let entries: [SafeTensors.Entry]
  private let file: MappedFile
  private let dataStart: Int

  public init(_ file: MappedFile) throws(SafeTensorsError) {
    self.file = file
    (entries, dataStart) = try SafeTensors.entries(file.bytes, file: "\(file.path)")
  }

  /// Copies a tensor; name, type and shape must fit.
  public func copy(_ tensor: TensorInfo, into target: UnsafeMutableBufferPointer<Float>) throws(SafeTensorsError) {
    guard let entry = entries.first(where: { $0.name == tensor.name }) else {
      throw SafeTensorsError(file: "\(file.path)", reason: "the tensor '\(tensor.name)' is missing")
    }
    guard entry.type == "F32", entry.shape == tensor.shape, entry.bytes.count == target.count * 4 else {
      throw SafeTensorsError(
        file: "\(file.path)",
        reason: "'\(tensor.name)' is \(entry.type) \(entry.shape), but the model needs F32 \(tensor.shape)")
    }
    let range = (dataStart + entry.bytes.lowerBound)..<(dataStart + entry.bytes.upperBound)
    UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[range]))
  }
}
