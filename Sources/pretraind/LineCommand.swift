import Bytes
import Posix

/// A program that answers JSON lines: one line in, one line out, in order. An empty line asks it for all the answers
/// that it still owes, so that it may work in batches.
final class LineCommand {
  private let child: Child
  private var input: File?
  private let output: File
  private let name: String
  private var buffer: [UInt8] = []
  private var start = 0

  /// - Parameter command: for the shell.
  init(_ command: String) throws {
    let pipe = try Pipe.make()
    child = try Child.start(["/bin/sh", "-c", command], input: pipe.reading, captureOutput: true)
    guard let output = child.output else { preconditionFailure("the output was asked for") }
    self.output = output
    input = pipe.writing
    name = command
  }

  /// Most questions before the answers are read: more could fill both pipes.
  static let batch = 64

  /// The answers to `questions`, which are lines without line feeds, in order.
  func ask(_ questions: [[UInt8]]) throws -> [JSONValue] {
    try lines(questions).map { line in
      guard let answer = try? JSONParser.parse(line) else {
        throw Failure(name, "answered no JSON: \(String(decoding: line.prefix(200), as: UTF8.self))")
      }
      return answer
    }
  }

  /// The same as they come, whatever is in them.
  func lines(_ questions: [[UInt8]]) throws -> [[UInt8]] {
    guard let input else { throw Failure(name, "was closed") }
    var answers: [[UInt8]] = []
    for first in stride(from: 0, to: questions.count, by: LineCommand.batch) {
      let some = questions[first..<min(questions.count, first + LineCommand.batch)]
      do {
        try input.write(some.flatMap { $0 + [0x0A] } + [0x0A])
      } catch {
        throw Failure(name, "went away after \(first) documents (exit status \(child.wait()))")
      }
      for _ in some { answers.append(try nextLine()) }
    }
    return answers
  }

  private func nextLine() throws -> [UInt8] {
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        let line = Array(buffer[start..<end])
        start = end + 1
        if !line.isEmpty { return line }
        continue
      }
      buffer.removeSubrange(..<start)
      start = 0
      let (bytes, count) = try read()
      guard count > 0 else { throw Failure(name, "ended before it had answered (exit status \(child.wait()))") }
      buffer += bytes[..<count]
    }
  }

  private func read() throws -> ([UInt8], Int) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = try bytes.withUnsafeMutableBytes { try output.read(into: $0) }
    return (bytes, count)
  }

  /// Closes its input and waits for its end, which must be a good one.
  func finish() throws {
    input = nil
    let status = child.wait()
    if status != 0 { throw Failure(name, "ended with exit status \(status)") }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ command: String, _ trouble: String) {
      description =
        "command '\(command)': it \(trouble); it must read JSON lines and print one JSON line for each, in order"
    }
  }
}
