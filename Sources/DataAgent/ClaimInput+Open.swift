import Decoding
import Posix

extension ClaimInput {
  /// - Parameters:
  ///   - file: at its start.
  ///   - name: tells the format.
  static func open(
    _ file: File, name: Path, _ settings: ReadSettings, _ converters: ConverterTable, _ patience: ReadPatience
  ) throws(ReadFailure) -> ClaimInput {
    switch converters.plan(name: name.bytes) {
    case .read(let format):
      return ClaimInput(source: try unpacked(file, format, settings, patience), format: format)
    case .convert(let chain): return try ConverterChain(chain, file, settings, patience).run()
    case nil:
      throw ReadFailure(
        "unknown-format", "no reader for '.\(name.fileExtension)' files", offset: 0,
        remedy: "convert it to .jsonl, .txt, .md or .html, give it the right extension, or name a program in "
          + "read.converters")
    }
  }

  /// The bytes for the reader, which knows zstd itself; other compressions go through their own programs.
  private static func unpacked(
    _ file: File, _ format: FileFormat, _ settings: ReadSettings, _ patience: ReadPatience
  ) throws(ReadFailure) -> any ByteSource {
    let program: String
    switch format.compression {
    case .none, .zstd: return FileSource(file, patience)
    case .gzip: program = "gzip"
    case .bzip2: program = "bzip2"
    case .xz: program = "xz"
    }
    do throws(SystemError) {
      return try UnpackSource([program, "-dc"], file, settings: settings, patience)
    } catch {
      guard error.isMissing else { throw ReadFailure("converter", "\(error)", offset: 0, remedy: "mv the file back") }
      throw ReadFailure(
        "no-converter", "\(program) is not installed", offset: 0, remedy: "install \(program) and mv the file back")
    }
  }
}
