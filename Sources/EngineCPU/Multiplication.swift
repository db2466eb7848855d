import CKernels
import Parallel

/// The right-hand side of a product, packed for the kernel: B[lane, depth].
struct PackedMatrix: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let lanes: Int
  let depth: Int
}

/// How a product's output is cut among the workers; changes the speed, never a bit of the result.
struct Tiling: Equatable {
  var rowStep: Int
  var columnStep: Int

  init(rows: Int, columns: Int, depth: Int, threads: Int) {
    let rowUnit = CK_GEMM_ROWS
    let laneUnit = CK_GEMM_LANES
    rowStep = min(CK_GEMM_ROW_BLOCK, Self.round(rows, to: rowUnit))
    columnStep = min(1024, Self.round(columns, to: laneUnit))
    if columns >= 8 * rows {
      // Wide: the right side is large, read it once.
      rowStep = Self.round(rows, to: rowUnit)
      columnStep = min(512, columnStep)
    } else if depth >= 8 * rows {
      rowStep = Self.round((rows + threads - 1) / threads, to: rowUnit)
      return
    }
    let wanted = threads == 1 ? 1 : 4 * threads
    while Self.count(rows, rowStep) * Self.count(columns, columnStep) < wanted {
      if rowStep > 4 * rowUnit {
        rowStep = Self.round(rowStep / 2, to: rowUnit)
      } else if columnStep > 2 * laneUnit {
        columnStep = Self.round(columnStep / 2, to: laneUnit)
      } else {
        return
      }
    }
  }

  static func round(_ value: Int, to unit: Int) -> Int { (value + unit - 1) / unit * unit }
  static func count(_ total: Int, _ step: Int) -> Int { (total + step - 1) / step }
}

/// The workers with their scratch memory: every heavy loop of the model runs through here.
final class Compute {
  let pool: WorkerPool
  let scratch = ScratchPool()
  private var packing = Memory<Float>(0)

  init(pool: WorkerPool) { self.pool = pool }

  /// y = x Wᵀ (+ addend), W as stored: [out, in].
  func project(_ x: Matrix, _ weight: Matrix, into y: Matrix, adding addend: Matrix? = nil) {
    multiply(x, packed(weight), into: y, adding: addend)
  }

  /// dx = dy W (+ addend).
  func projectBack(_ dy: Matrix, _ weight: Matrix, into dx: Matrix, adding addend: Matrix? = nil) {
    multiply(dy, packedAcross(weight), into: dx, adding: addend)
  }

  /// dW += dyᵀ x.
  func accumulateWeight(_ dy: Matrix, _ x: Matrix, into dw: Matrix) {
    let right = packedAcross(x)
    run(left: dy, rowStride: 1, depthStride: dy.stride, rows: dy.columns, right, into: dw, adding: dw)
  }

  /// y = x Bᵀ (+ addend) with B packed before.
  func multiply(_ x: Matrix, _ right: PackedMatrix, into y: Matrix, adding addend: Matrix? = nil) {
    run(left: x, rowStride: x.stride, depthStride: 1, rows: x.rows, right, into: y, adding: addend)
  }

  /// Packs B = matrix (lanes are its rows); into `memory`, or into working memory valid until the next packing.
  func packed(_ matrix: Matrix, in memory: Memory<Float>? = nil) -> PackedMatrix {
    pack(matrix, laneStride: matrix.stride, depthStride: 1, lanes: matrix.rows, depth: matrix.columns, memory)
  }

  /// Packs B = matrixᵀ (lanes are its columns).
  func packedAcross(_ matrix: Matrix, in memory: Memory<Float>? = nil) -> PackedMatrix {
    pack(matrix, laneStride: 1, depthStride: matrix.stride, lanes: matrix.columns, depth: matrix.rows, memory)
  }

  private func pack(
    _ matrix: Matrix, laneStride: Int, depthStride: Int, lanes: Int, depth: Int, _ memory: Memory<Float>?
  ) -> PackedMatrix {
    let needed = ck_gemm_packed_count(lanes, depth)
    if memory == nil && packing.count < needed { packing = Memory(needed) }
    let target = memory ?? packing
    precondition(target.count >= needed, "memory too small for a packed matrix")
    let right = PackedMatrix(base: target.base, lanes: lanes, depth: depth)
    let panels = Tiling.count(lanes, CK_GEMM_LANES)
    let group = 4
    pool.run(Tiling.count(panels, group)) { index in
      let first = index * group
      ck_gemm_pack(
        matrix.base, laneStride, depthStride, lanes, depth, first, min(first + group, panels), right.base)
    }
    return right
  }

  private func run(
    left: Matrix, rowStride: Int, depthStride: Int, rows: Int, _ right: PackedMatrix, into y: Matrix,
    adding addend: Matrix?
  ) {
    let columns = right.lanes
    let depth = right.depth
    precondition(y.rows >= rows && y.columns == columns, "the output does not fit the product")
    precondition(addend.map { $0.stride == y.stride } ?? true, "an addend must be laid out as the output")
    let tiling = Tiling(rows: rows, columns: columns, depth: depth, threads: pool.threads)
    let across = Tiling.count(columns, tiling.columnStep)
    let scratch = scratch
    pool.run(Tiling.count(rows, tiling.rowStep) * across) { index in
      let row = index / across * tiling.rowStep
      let column = index % across * tiling.columnStep
      let at = row * y.stride + column
      scratch.with(CK_GEMM_SCRATCH) { memory in
        ck_gemm_tile(
          left.base + row * rowStride, rowStride, depthStride, right.base + column * depth, CK_GEMM_LANES * depth,
          depth, y.base + at, addend.map { UnsafePointer($0.base + at) }, y.stride,
          min(tiling.rowStep, rows - row), min(tiling.columnStep, columns - column), memory)
      }
    }
  }
}
