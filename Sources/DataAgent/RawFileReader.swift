import Decoding
import Documents
import Posix

/// The documents of one file as the agent would read them: unpacked, made text by a program, decoded, normalized.
public final class RawFileReader {
  private let reader: DocumentReader
  /// The program that made it text; empty: none.
  public let converter: String

  /// - Parameters:
  ///   - file: at its start; its name tells the format.
  ///   - fallback: the format of a file whose name tells none; nil: such a file is refused.
  public init(
    _ file: File, _ settings: ReadSettings, _ converters: ConverterTable, fallback: FileFormat? = nil
  ) throws(ReadFailure) {
    let name = file.path.name
    let patience = ReadPatience(nil)
    let isKnown = converters.plan(name: name.bytes) != nil
    let input =
      if let fallback, !isKnown { ClaimInput(source: FileSource(file, patience), format: fallback) } else {
        try ClaimInput.open(file, name: name, settings, converters, patience)
      }
    converter = input.converter
    reader = DocumentReader(source: input.source, format: input.format, settings: settings, options: SourceOptions())
    reader.unpackBody = BodyUnpacker(settings: settings, patience: patience).unpack
  }

  /// The next item, nil at the end.
  public func next() throws(ReadFailure) -> ReadItem? { try reader.next() }
}
