import CLinux
import Glibc

/// A detached thread of its own for something that blocks outside our control.
public enum ServiceThread {
  private final class Work {
    let name: String
    let body: @Sendable () -> Void
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let work = Unmanaged.passRetained(Work(name, body))
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, nil,
      { context in
        let work = Unmanaged<Work>.fromOpaque(context!).takeRetainedValue()
        _ = work.name.withCString { clinux_set_thread_name($0) }
        work.body()
        return nil
      }, work.toOpaque())
    guard failed == 0 else {
      work.release()
      throw SystemError("pthread_create", Path(name), code: failed)
    }
    pthread_detach(thread)
  }
}
