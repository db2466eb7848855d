import CKernels
import Synchronization

/// Meters that wait for the next text: as many as threads ever measured at once.
final class MeterPool: Sendable {
  private let idle = Mutex<[Meter]>([])

  private struct Meter: @unchecked Sendable { let pointer: OpaquePointer }

  deinit { idle.withLock { $0.forEach { ck_text_meter_free($0.pointer) } } }

  /// - Parameter level: what CPU to measure for, of CK_PLAIN, CK_AVX2 and CK_AVX512; nil for this one.
  func measure(_ text: UnsafeBufferPointer<UInt8>, plain: Bool = false, level: Int32? = nil) -> ck_text_measures {
    let meter = idle.withLock { $0.popLast() } ?? make()
    defer { idle.withLock { $0.append(meter) } }
    var measures = ck_text_measures()
    var none: UInt8 = 0
    let bytes = text.baseAddress ?? withUnsafePointer(to: &none) { $0 }
    if plain {
      ck_text_measure_reference(meter.pointer, bytes, text.count, &measures)
    } else if let level {
      ck_text_measure_at(level, meter.pointer, bytes, text.count, &measures)
    } else {
      ck_text_measure(meter.pointer, bytes, text.count, &measures)
    }
    return measures
  }

  private func make() -> Meter {
    Meter(pointer: ck_text_meter_make(EnglishParts.shared.table, StopSet.table))
  }
}
