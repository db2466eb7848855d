import Bytes
import Posix

/// A level sentinel that is there: answered once, in force from its moment on until the file goes.
struct ControlLevel {
  let verb: ControlVerb
  let arguments: ControlArguments
  var answer: ControlAcknowledgement
  /// The file as it was read; nil when an earlier process read it.
  var status: FileStatus?
}
