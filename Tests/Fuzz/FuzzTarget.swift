import Bytes

/// A parser that sees foreign bytes, as libFuzzer and the replay test call it: any bytes may come, none may trap, and
/// what is promised of the outcome is checked.
struct FuzzTarget: Sendable {
  let name: String
  /// Right inputs to begin with, made by our own writers where there are any.
  let seeds: @Sendable () throws -> [[UInt8]]
  let run: @Sendable ([UInt8]) throws -> Void

  static let all: [FuzzTarget] =
    [
      jsonLines, jsonArray, zstd, html, warc, troff, text, webArchive, mending, converters, stages, control, suites,
      tokenizer,
      safeTensors, configs, settings, json, journal, journalFolder, journalRecords, block, batch, manifest, path,
      redact,
      classify, signals, encodings, encode, ngramModel, scoreAnswer, cutList,
      repetition, phraseLists, advertisement, commentLines, rulePlace,
    ] + detectors

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// A promise about an outcome; broken, it ends the process as a trap does.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { preconditionFailure(what()) } }

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Up to `count` parts of an input, cut at 0xFF 0x00 0xFF: several files in one input.
func parts(_ input: [UInt8], _ count: Int) -> [[UInt8]] {
  var parts: [[UInt8]] = [[]]
  var index = 0
  while index < input.count {
    if parts.count < count, index + 2 < input.count, input[index] == 0xFF, input[index + 1] == 0,
      input[index + 2] == 0xFF
    {
      parts.append([])
      index += 3
    } else {
      parts[parts.count - 1].append(input[index])
      index += 1
    }
  }
  return parts
}

func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined(separator: [0xFF, 0, 0xFF])) }
