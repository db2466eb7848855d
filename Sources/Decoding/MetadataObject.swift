/// What is kept beside a text, as one JSON object.
public struct MetadataObject {
  private var bytes: [UInt8] = []

  public init() {}

  /// Goes on with an object that is there already; nothing else may be in `object`.
  public init(_ object: [UInt8]) { if object.count > 2 { bytes = object.dropLast() } }

  /// - Parameters:
  ///   - key: as it stands between its quotes.
  ///   - value: JSON.
  public mutating func add(_ key: some Collection<UInt8>, _ value: some Collection<UInt8>) {
    bytes.append(bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: key)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: value)
  }

  /// Empty when there was nothing.
  public func finish() -> [UInt8] { bytes.isEmpty ? [] : bytes + [UInt8(ascii: "}")] }
}
