import Glibc

/// Memory for tables that are read all over: in huge pages where the system has them, so that an access is not also a
/// miss in the page tables.
enum HugePages {
  private static let size = 2 << 20

  /// Room for `count` elements, given back with `free`.
  static func allocate<Element: BitwiseCopyable>(_: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    var memory: UnsafeMutableRawPointer?
    let failed = posix_memalign(&memory, bytes < size ? 64 : size, bytes)
    guard failed == 0, let memory else { preconditionFailure("no memory for \(bytes) bytes") }
    // An advice: where it is not followed, only time is lost.
    if bytes >= size { _ = madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
    return memory.bindMemory(to: Element.self, capacity: count)
  }
}
