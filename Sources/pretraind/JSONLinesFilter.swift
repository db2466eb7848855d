import Bytes
import DataAgent
import Posix

/// Standard input to standard output, many lines at once, in order: what the tokenizer's commands are.
enum JSONLinesFilter {
  /// - Parameter transform: many lines at once to as many output lines (with their line feeds).
  static func run(_ transform: ([[UInt8]], _ firstLine: Int) throws -> [UInt8]) throws {
    let input = StandardStreams.input
    let output = StandardStreams.output
    var rest: [UInt8] = []
    var line = 1
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { break }
      rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      guard let last = rest.lastIndex(of: 0x0A) else { continue }
      let lines = rest[..<last].split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
      try output.write(try transform(lines, line))
      line += lines.count
      rest.removeSubrange(...last)
    }
    if !rest.isEmpty { try output.write(try transform([rest], line)) }
  }

  /// The `text` of a line.
  static func text(_ line: [UInt8], _ number: Int) throws -> [UInt8] {
    try line.withUnsafeBufferPointer { line in
      do {
        let fields = try JSONFields(line)
        if let value = fields.value(Array("text".utf8), in: line), let text = try JSONFields.text(value, in: line) {
          return text
        }
        throw BadStreamLine(number: number, reason: "no string field 'text'")
      } catch let error as JSONError {
        throw BadStreamLine(number: number, reason: "\(error)")
      }
    }
  }
}
