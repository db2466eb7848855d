import Bytes
import Classification
import Deduplication
import Documents

/// JSON lines with the keys that documents which may be alike share: the mapper of a deduplication elsewhere.
public struct LineSketcher: Sendable {
  private let reader: StreamLine.Reader
  private let channels: ChannelTable

  public init(_ settings: AgentSettings, classifier: Classifier) {
    channels = settings.channels
    reader = StreamLine.Reader(
      maker: SketchMaker(settings.dedupe), classifier: classifier, channels: channels, needsGenre: false)
  }

  /// The line as it came with `channel`, where it has none, and `sketch`; one with `drop` stays as it is.
  /// - Parameter number: of the line, from 1 on.
  public func sketched(_ line: [UInt8], _ number: Int) throws(BadStreamLine) -> [UInt8] {
    var reader = reader
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: line.count)
    defer { bytes.deallocate() }
    _ = bytes.initialize(from: line)
    let content: StreamLine.Content
    do throws(JSONError) {
      content = try reader.read(0..<line.count, UnsafeBufferPointer(bytes)).content
    } catch {
      throw BadStreamLine(number: number, reason: "\(error)")
    }
    guard case .document(let read) = content else { return line }
    var members: [StreamLine.Member] = []
    if !read.hasChannel {
      members.append(("channel", JSONWriter.compact(.string(channels.name(Channel(read.channel))))))
    }
    members.append(("sketch", JSONWriter.compact(.object(LineSketcher.members(read.sketch)))))
    return StreamLine.written(UnsafeBufferPointer(bytes), with: members)
  }

  private static func members(_ sketch: DocumentSketch) -> [JSONMember] {
    var members = [
      JSONMember("bands", .array(sketch.bands.map { .string(hexadecimal($0)) })),
      JSONMember("exact", .string("\(sketch.exactKey)")), JSONMember("shingles", .integer(Int(sketch.shingleCount))),
    ]
    let address = sketch.facts.addressKey
    if address != 0 { members.append(JSONMember("url", .string(hexadecimal(address)))) }
    return members
  }

  private static func hexadecimal(_ key: UInt64) -> String {
    Hex.encode((0..<8).map { UInt8(truncatingIfNeeded: key >> (56 - 8 * $0)) })
  }
}
