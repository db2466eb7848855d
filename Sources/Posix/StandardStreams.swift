import Glibc

/// The three standard streams, as bytes.
public enum StandardStreams {
  public static var input: File { File(path: "standard input", number: dup(0)) }
  public static var output: File { File(path: "standard output", number: dup(1)) }

  /// Results go to standard output.
  public static func print(_ text: String) { write(1, text + "\n") }
  /// Talk goes to standard error.
  public static func say(_ text: String) { write(2, text + "\n") }
  public static func show(_ text: String) { write(2, text) }

  public static var outputIsTerminal: Bool { isatty(1) == 1 }
  public static var errorIsTerminal: Bool { isatty(2) == 1 }

  private static func write(_ number: Int32, _ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        retrying { Glibc.write(number, buffer.baseAddress! + done, bytes.count - done) }
      }
      if count <= 0 { return }
      done += count
    }
  }
}
