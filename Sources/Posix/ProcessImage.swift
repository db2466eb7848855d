import CLinux
import Glibc

/// The program, begun anew in the same process: same number, same words, same surroundings, nothing of the old memory,
/// threads or open files.
public enum ProcessImage {
  /// Does not return unless the process was asked to stop meanwhile, or the kernel refuses.
  public static func restart() throws(SystemError) {
    Signals.holdForRestart()
    if !Signals.stopRequested {
      clinux_close_on_exec_from(3)
      ServiceNotify.release()
      _ = execv("/proc/self/exe", Swift.CommandLine.unsafeArgv)
    }
    let code = clinux_errno()
    ServiceNotify.adopt()
    Signals.releaseAfterRestart()
    if !Signals.stopRequested { throw SystemError("exec", "/proc/self/exe", code: code) }
  }
}
