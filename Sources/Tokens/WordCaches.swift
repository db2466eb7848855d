import CKernels
import Glibc

/// What words became, for those met lately. One per encoder, so it needs no lock.
///
/// Words of up to 15 bytes take 32 bytes each, two to a cache line; words of up to 64 bytes have a smaller table.
struct WordCaches {
  var view: ck_word_caches
  private static let mostLongWords = 1 << 14

  /// `count`, a power of two: short words kept. Long ones are a sixteenth of it, at most 16,384.
  init(entries count: Int) {
    precondition(count > 1 && count & (count - 1) == 0, "the word cache needs a power of two of entries")
    let long = min(max(count / 16, 2), Self.mostLongWords)
    view = ck_word_caches(
      words: LargeMemory.filled(count, with: 0), long_words: LargeMemory.filled(long, with: 0), mask: UInt64(count - 1),
      long_mask: UInt64(long - 1))
  }

  func deallocate() {
    UnsafeMutableRawPointer(view.words).deallocate()
    UnsafeMutableRawPointer(view.long_words).deallocate()
  }
}

/// Tables that are looked up at random.
enum LargeMemory {
  private static let largePage = 1 << 21

  /// Room for `count` entries of which each byte is `byte`, in large pages where the kernel gives them; they must be
  /// asked for before the memory is touched.
  static func filled<Entry: BitwiseCopyable>(_ count: Int, with byte: UInt8) -> UnsafeMutablePointer<Entry> {
    let size = count * MemoryLayout<Entry>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: size < largePage ? 64 : largePage)
    if size >= largePage { madvise(raw, size, MADV_HUGEPAGE) }
    raw.initializeMemory(as: UInt8.self, repeating: byte, count: size)
    return raw.bindMemory(to: Entry.self, capacity: count)
  }
}
