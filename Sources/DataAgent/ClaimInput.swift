import Decoding

/// The bytes of a file as its reader wants them: as they are, unpacked, or made text by a program.
struct ClaimInput {
  let source: any ByteSource
  let format: FileFormat
  /// The program that made it text; empty: none.
  var converter = ""
}
