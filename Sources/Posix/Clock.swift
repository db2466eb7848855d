import Glibc

/// Time as it is handed to those who wait or stamp; nothing that decides reads it.
public enum Clock {
  /// Only for tests: `PRETRAIND_CLOCK_RATE=100` makes every interval and every wait a hundredth as long, so that a day
  /// of rescans and looks passes in minutes. Stamps stay true; speeds told in status are wrong by the rate.
  static let rate: Double = {
    guard let text = getenv("PRETRAIND_CLOCK_RATE"), let rate = Double(String(cString: text)), rate > 0 else {
      return 1
    }
    return rate
  }()

  /// Seconds that never jump, from an arbitrary start.
  public static func monotonic() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return (Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9) * rate
  }

  /// Seconds of processor time of this process, all its threads together: what other processes do does not count.
  /// - Parameter ofThread: of the calling thread alone.
  public static func processor(ofThread: Bool = false) -> Double {
    var now = timespec()
    clock_gettime(ofThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  /// Seconds since the epoch.
  public static func wall() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  /// `2026-11-21T10:00:00Z` for seconds since the epoch.
  public static func stamp(_ seconds: Double = wall()) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }

  /// A signal ends it early, so that a request to leave is seen at once.
  public static func sleep(_ seconds: Double) {
    let seconds = seconds / rate
    var wanted = timespec()
    wanted.tv_sec = Int(seconds)
    wanted.tv_nsec = Int((seconds - seconds.rounded(.down)) * 1e9)
    nanosleep(&wanted, nil)
  }
}
