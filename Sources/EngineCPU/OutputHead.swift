import CKernels
import Training

/// The output projection with what follows it, some rows at a time: never tokens x vocabulary as a whole.
final class OutputHead {
  let shape: ModelShape
  let compute: Compute
  private let logits: Memory<Float>
  private let packed: Memory<Float>
  private var packedAcross: Memory<Float>?
  private let chunkRows: Int

  init(shape: ModelShape, compute: Compute) {
    self.shape = shape
    self.compute = compute
    chunkRows = Self.chunkRows(vocabulary: shape.vocabulary)
    logits = Memory(chunkRows * shape.vocabulary)
    packed = Memory(ck_gemm_packed_count(shape.vocabulary, shape.hidden))
  }

  /// Rows whose logits fill 32 MB, in whole depth blocks of the weight gradient's product where possible.
  static func chunkRows(vocabulary: Int) -> Int {
    let fitting = max(CK_GEMM_ROWS, min(1024, (8 << 20) / vocabulary))
    return fitting >= CK_GEMM_DEPTH ? fitting / CK_GEMM_DEPTH * CK_GEMM_DEPTH : fitting
  }

  /// Losses of `x` (rows of the last norm) and the gradients of scale * sum of losses: dx written, dhead added to.
  func lossAndGradient(
    _ x: Matrix, targets: Memory<Int32>, scale: Float, head: Matrix, losses: Memory<Float>, dx: Matrix, dhead: Matrix
  ) {
    let across = packedAcross ?? Memory(ck_gemm_packed_count(shape.hidden, shape.vocabulary))
    packedAcross = across
    let forward = compute.packed(head, in: packed)
    let backward = compute.packedAcross(head, in: across)
    forChunks(x.rows) { range in
      let logits = Matrix(logits, rows: range.count, columns: shape.vocabulary)
      compute.multiply(x.rows(range), forward, into: logits)
      compute.forRows(range.count, step: 4) { rows in
        let row = range.lowerBound + rows.lowerBound
        ck_cross_entropy(
          logits.row(rows.lowerBound), rows.count, logits.columns, targets.base + row, scale, losses.base + row)
      }
      compute.multiply(logits, backward, into: dx.rows(range))
      compute.accumulateWeight(logits, x.rows(range), into: dhead)
    }
  }

  /// ln p and rank of every row's target.
  func score(
    _ x: Matrix, targets: Memory<Int32>, head: Matrix, logProbabilities: Memory<Float>, ranks: Memory<Int32>
  ) {
    let forward = compute.packed(head, in: packed)
    forChunks(x.rows) { range in
      let logits = Matrix(logits, rows: range.count, columns: shape.vocabulary)
      compute.multiply(x.rows(range), forward, into: logits)
      compute.forRows(range.count, step: 4) { rows in
        let row = range.lowerBound + rows.lowerBound
        ck_token_scores(
          logits.row(rows.lowerBound), rows.count, logits.columns, targets.base + row, logProbabilities.base + row,
          ranks.base + row)
      }
    }
  }

  private func forChunks(_ rows: Int, _ body: (Range<Int>) -> Void) {
    for start in stride(from: 0, to: rows, by: chunkRows) { body(start..<min(start + chunkRows, rows)) }
  }
}
