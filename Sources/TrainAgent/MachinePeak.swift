import CKernels
import Glibc
import Parallel
import Posix
import Training

/// What MFU is a share of, and what a step costs.
enum MachinePeak {
  private static let rows = 192
  private static let columns = 256
  private static let depth = 256

  /// The most arithmetic this machine did per second in a fifth of a second of matrix products that fit the cache, all
  /// threads at once, in FLOP/s.
  static func measure(threads: Int) -> Double {
    let pool = WorkerPool(threads: threads)
    let perCall = 2.0 * Double(rows * columns * depth)
    var best = 0.0
    let end = Clock.monotonic() + 0.2
    while Clock.monotonic() < end {
      let start = Clock.monotonic()
      let calls = 20
      pool.run(threads) { _ in multiply(calls) }
      best = max(best, perCall * Double(calls * threads) / (Clock.monotonic() - start))
    }
    return best
  }

  private static func multiply(_ times: Int) {
    let a = [Float](repeating: 0.5, count: rows * depth)
    let b = [Float](repeating: 0.25, count: columns * depth)
    var packed = [Float](repeating: 0, count: ck_gemm_packed_count(columns, depth))
    var c = [Float](repeating: 0, count: rows * columns)
    var scratch = [Float](repeating: 0, count: Int(CK_GEMM_SCRATCH))
    ck_gemm_pack(b, depth, 1, columns, depth, 0, (columns + Int(CK_GEMM_LANES) - 1) / Int(CK_GEMM_LANES), &packed)
    for _ in 0..<times {
      ck_gemm_tile(
        a, depth, 1, packed, depth * Int(CK_GEMM_LANES), depth, &c, nil, columns, rows, columns, &scratch)
    }
  }

  /// FLOP of forward and backward for one token: 6 per weight that multiplies, and attention over half the window on
  /// average (it is causal): 6 * layers * head width * heads * window. After Chowdhery et al. 2022, appendix B.
  static func flopPerToken(_ shape: ModelShape, window: Int) -> Double {
    let lookup = shape.tied ? 0 : shape.vocabulary * shape.hidden
    let attention = 6 * shape.layers * shape.heads * shape.headDimension * window
    return 6 * Double(shape.parameterCount - lookup) + Double(attention)
  }
}
