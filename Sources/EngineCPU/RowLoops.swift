import CKernels
import Parallel

// Kernels that treat every row for itself, spread over the workers.
extension Compute {
  /// Runs `body` for blocks of rows that depend on the number of rows only.
  func forRows(_ rows: Int, step: Int = 32, _ body: @Sendable (Range<Int>) -> Void) {
    pool.run(Tiling.count(rows, step)) { index in body(index * step..<min((index + 1) * step, rows)) }
  }

  /// y = weight * x / rms(x); inverse: [rows], 1 / rms.
  func normalize(_ x: Matrix, weight: Matrix, epsilon: Float, into y: Matrix, inverse: Matrix) {
    forRows(x.rows) { range in
      ck_rms_norm(
        x.row(range.lowerBound), weight.base, range.count, x.columns, epsilon, y.row(range.lowerBound),
        inverse.base + range.lowerBound)
    }
  }

  /// dx += the norm's gradient; dweight += its weight's, summed by blocks of rows in their order.
  func normalizeBack(
    _ dy: Matrix, _ x: Matrix, weight: Matrix, inverse: Matrix, addingTo dx: Matrix, dweight: Matrix
  ) {
    let step = 64
    let blocks = Tiling.count(x.rows, step)
    let columns = x.columns
    scratch.with(blocks * columns) { memory in
      let parts = Matrix(memory, rows: blocks, columns: columns)
      forRows(x.rows, step: step) { range in
        let part = parts.row(range.lowerBound / step)
        part.update(repeating: 0, count: columns)
        ck_rms_norm_backward(
          dy.row(range.lowerBound), x.row(range.lowerBound), weight.base, inverse.base + range.lowerBound,
          range.count, columns, dx.row(range.lowerBound), part)
      }
      let ids = [Int32](repeating: 0, count: blocks)
      ck_embedding_scatter(memory, columns, ids, blocks, 0, 1, dweight.base)
    }
  }

  func swiglu(_ gateUp: Matrix, into out: Matrix) {
    forRows(out.rows) { range in
      ck_swiglu(gateUp.row(range.lowerBound), range.count, out.columns, out.row(range.lowerBound))
    }
  }

  /// Replaces `gateUp` by its gradient.
  func swigluBack(_ gateUp: Matrix, dout: Matrix) {
    forRows(dout.rows) { range in
      ck_swiglu_backward(gateUp.row(range.lowerBound), dout.row(range.lowerBound), range.count, dout.columns)
    }
  }

  /// Turns `heads` heads at the start of every row; direction 1 forward, -1 backward.
  func rotate(_ x: Matrix, heads: Int, dimension: Int, length: Int, _ table: RotaryTable, direction: Float) {
    let cosines = table.cosines
    let sines = table.sines
    forRows(x.rows) { range in
      ck_rope(
        x.row(range.lowerBound), x.stride, range.lowerBound, range.count, length, heads, dimension, cosines.base,
        sines.base, direction)
    }
  }

  func gather(_ table: Matrix, _ ids: Memory<Int32>, into out: Matrix) {
    forRows(out.rows) { range in
      ck_embedding_gather(
        table.base, table.columns, ids.base + range.lowerBound, range.count, out.row(range.lowerBound))
    }
  }

  /// table[ids[i]] += rows[i], in the order of i.
  func scatter(_ rows: Matrix, _ ids: Memory<Int32>, addingTo table: Matrix) {
    let parts = 8
    let step = (table.rows + parts - 1) / parts
    pool.run(parts) { part in
      ck_embedding_scatter(
        rows.base, rows.columns, ids.base, rows.rows, Int32(part * step), Int32((part + 1) * step), table.base)
    }
  }
}
