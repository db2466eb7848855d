import Glibc

/// Facts of the machine.
public enum Processors {
  /// Processors that are on; at least 1.
  public static var count: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
