import CKernels
import Parallel
import Testing

@testable import EngineCPU

/// Instruction sets this machine can run.
let levels = Array(0...Int(ck_cpu_level()))

@Suite struct GemmTests {
  struct Case: CustomStringConvertible, Sendable {
    let rows, columns, depth: Int
    var description: String { "\(rows) x \(columns) x \(depth)" }
  }

  static let cases = [
    Case(rows: 1, columns: 1, depth: 1), Case(rows: 12, columns: 32, depth: 16), Case(rows: 13, columns: 33, depth: 7),
    Case(rows: 200, columns: 40, depth: 31), Case(rows: 24, columns: 70, depth: 600),
    Case(rows: 205, columns: 96, depth: 259),
  ]

  /// All layouts of A and B, with and without an addend, in every instruction set.
  @Test(arguments: cases, [false, true]) func tileEqualsTextbook(_ size: Case, adding: Bool) {
    var noise = Noise(UInt64(size.rows * 7 + size.depth))
    let (m, n, k) = (size.rows, size.columns, size.depth)
    let a = noise.floats(m * k)
    let b = noise.floats(n * k)
    let start = noise.floats(m * n)
    var scratch = [Float](repeating: 0, count: CK_GEMM_SCRATCH)
    for (aRow, aDepth) in [(k, 1), (1, m)] {
      for (bLane, bDepth) in [(k, 1), (1, n)] {
        var packed = [Float](repeating: .nan, count: ck_gemm_packed_count(n, k))
        ck_gemm_pack(b, bLane, bDepth, n, k, 0, (n + 31) / 32, &packed)
        var expected = start
        ck_gemm_reference(a, aRow, aDepth, b, bLane, bDepth, k, &expected, adding ? start : nil, n, m, n)
        for level in levels {
          var c = start
          ck_gemm_tile_at(
            Int32(level), a, aRow, aDepth, packed, 32 * k, k, &c, adding ? start : nil, n, m, n, &scratch)
          #expect(relativeError(c, expected) < 2e-6, "level \(level), A \(aRow), B \(bLane)")
        }
      }
    }
  }

  /// How the output is cut must not change a bit; the cuts themselves must cover it.
  @Test(arguments: cases) func tilingChangesNoBit(_ size: Case) {
    var noise = Noise(3)
    let (m, n, k) = (size.rows, size.columns, size.depth)
    let (x, w, y) = (Memory<Float>(m * k), Memory<Float>(n * k), Memory<Float>(m * n))
    for i in 0..<m * k { x.base[i] = noise.float() }
    for i in 0..<n * k { w.base[i] = noise.float() }
    var results = [[UInt32]]()
    for threads in [1, 2, 5] {
      for i in 0..<m * n { y.base[i] = .nan }
      let compute = Compute(pool: WorkerPool(threads: threads))
      compute.project(
        Matrix(x, rows: m, columns: k), Matrix(w, rows: n, columns: k), into: Matrix(y, rows: m, columns: n))
      results.append((0..<m * n).map { y.base[$0].bitPattern })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    #expect(!results[0].contains { Float(bitPattern: $0).isNaN })
  }

  @Test func matrixTimesVector() {
    var noise = Noise(4)
    let (rows, depth) = (37, 75)
    let (w, x, start) = (noise.floats(rows * depth), noise.floats(depth), noise.floats(rows))
    for add in [nil, start] as [[Float]?] {
      var expected = [Float](repeating: 0, count: rows)
      ck_matvec_reference(w, x, depth, 0, rows, add, &expected)
      for level in levels {
        var y = [Float](repeating: .nan, count: rows)
        ck_matvec_at(Int32(level), w, x, depth, 0, 20, add, &y)
        ck_matvec_at(Int32(level), w, x, depth, 20, rows, add, &y)
        #expect(relativeError(y, expected) < 2e-6, "level \(level)")
      }
    }
  }
}
