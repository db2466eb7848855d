import CLinux

/// A pipe to a child's standard input.
public enum Pipe {
  /// Both ends; they are closed when a program is started, but for those given to it.
  public static func make() throws(SystemError) -> (reading: File, writing: File) {
    var ends: [Int32] = [-1, -1]
    guard clinux_pipe(&ends) == 0 else { throw SystemError("pipe", "pipe") }
    return (File(path: "pipe", number: ends[0]), File(path: "pipe", number: ends[1]))
  }
}
