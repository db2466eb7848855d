import CKernels
import Testing

@testable import EngineCPU

/// Every kernel in every instruction set of this machine against its plain twin.
@Suite struct KernelTests {
  private static let widths = [1, 16, 31, 48, 77]

  @Test(arguments: widths) func rmsNorm(width: Int) {
    var noise = Noise(UInt64(width))
    let rows = 5
    let (x, weight, dy) = (noise.floats(rows * width), noise.floats(width), noise.floats(rows * width))
    let (dx, dweight) = (noise.floats(rows * width), noise.floats(width))
    var (y, inverse) = ([Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: rows))
    ck_rms_norm_reference(x, weight, rows, width, 1e-5, &y, &inverse)
    var (back, backWeight) = (dx, dweight)
    ck_rms_norm_backward_reference(dy, x, weight, inverse, rows, width, &back, &backWeight)
    for level in levels {
      var (y2, inverse2, dx2, dweight2) = (y, inverse, dx, dweight)
      y2.withUnsafeMutableBufferPointer { $0.update(repeating: .nan) }
      ck_rms_norm_at(Int32(level), x, weight, rows, width, 1e-5, &y2, &inverse2)
      ck_rms_norm_backward_at(Int32(level), dy, x, weight, inverse, rows, width, &dx2, &dweight2)
      #expect(relativeError(y2, y) < 1e-6)
      #expect(relativeError(inverse2, inverse) < 1e-6)
      #expect(relativeError(dx2, back) < 3e-6)
      #expect(relativeError(dweight2, backWeight) < 1e-6)
    }
  }

  @Test(arguments: [2, 12, 32, 80]) func rotaryTurnsAndTurnsBack(dimension: Int) {
    var noise = Noise(UInt64(dimension))
    let (rows, length, heads) = (7, 4, 3)
    let table = RotaryTable(length: length, dimension: dimension, theta: 10_000)
    let row = heads * dimension + 5
    let x = noise.floats(rows * row)
    var expected = x
    ck_rope_reference(&expected, row, 2, rows, length, heads, dimension, table.cosines.base, table.sines.base, 1)
    #expect(relativeError(expected, x) > 0.1)
    for level in levels {
      var y = x
      ck_rope_at(
        Int32(level), &y, row, 2, rows, length, heads, dimension, table.cosines.base, table.sines.base, 1)
      #expect(relativeError(y, expected) < 1e-6)
      ck_rope_at(
        Int32(level), &y, row, 2, rows, length, heads, dimension, table.cosines.base, table.sines.base, -1)
      #expect(relativeError(y, x) < 1e-6)
    }
  }

  @Test(arguments: widths) func swiglu(width: Int) {
    var noise = Noise(UInt64(width))
    let rows = 3
    var gateUp = noise.floats(rows * 2 * width).map { $0 * 6 }
    gateUp[0] = -200
    let dout = noise.floats(rows * width)
    var out = [Float](repeating: 0, count: rows * width)
    ck_swiglu_reference(gateUp, rows, width, &out)
    var back = gateUp
    ck_swiglu_backward_reference(&back, dout, rows, width)
    for level in levels {
      var (out2, back2) = ([Float](repeating: .nan, count: rows * width), gateUp)
      ck_swiglu_at(Int32(level), gateUp, rows, width, &out2)
      ck_swiglu_backward_at(Int32(level), &back2, dout, rows, width)
      #expect(relativeError(out2, out) < 1e-6)
      #expect(relativeError(back2, back) < 1e-6)
    }
  }

  @Test(arguments: widths) func crossEntropyAndScores(vocabulary: Int) {
    var noise = Noise(UInt64(vocabulary))
    let rows = 4
    let logits = noise.floats(rows * vocabulary).map { $0 * 30 - 50 }
    var targets = noise.ids(rows, below: vocabulary)
    var logProbabilities = [Float](repeating: 0, count: rows)
    var ranks = [Int32](repeating: 0, count: rows)
    ck_token_scores_reference(logits, rows, vocabulary, targets, &logProbabilities, &ranks)
    for level in levels {
      var (p, r) = ([Float](repeating: .nan, count: rows), [Int32](repeating: -1, count: rows))
      ck_token_scores_at(Int32(level), logits, rows, vocabulary, targets, &p, &r)
      #expect(zip(p, logProbabilities).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(r == ranks)
    }
    targets[2] = -1
    var (expected, losses) = (logits, logProbabilities)
    ck_cross_entropy_reference(&expected, rows, vocabulary, targets, 0.25, &losses)
    for level in levels {
      var (d, l) = (logits, [Float](repeating: .nan, count: rows))
      ck_cross_entropy_at(Int32(level), &d, rows, vocabulary, targets, 0.25, &l)
      #expect(zip(d, expected).allSatisfy { abs($0 - $1) < 1e-6 })
      #expect(zip(l, losses).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(l[2] == 0)
    }
  }

  /// A spoilt logit must spoil the loss, wherever it stands.
  @Test(arguments: [Float.nan, .infinity], [0, 20, 49]) func crossEntropyHidesNothing(poison: Float, at: Int) {
    for level in levels {
      var logits = [Float](repeating: 0.5, count: 50)
      var loss: Float = 0
      logits[at] = poison
      ck_cross_entropy_at(Int32(level), &logits, 1, 50, [7], 1, &loss)
      #expect(!loss.isFinite)
    }
  }

  @Test(arguments: widths) func adamW(count: Int) {
    var noise = Noise(UInt64(count))
    let options = ck_adamw_options(
      gradient_scale: 0.5, beta1: 0.9, beta2: 0.95, decay: 0.999, rate: 0.02, root_correction: 1.5, epsilon: 1e-8)
    let state = [noise.floats(count), noise.floats(count), noise.floats(count).map(abs)]
    let gradient = noise.floats(count)
    var (weights, first, second) = (state[0], state[1], state[2])
    ck_adamw_reference(&weights, gradient, &first, &second, count, options)
    for level in levels {
      var (w, m, v) = (state[0], state[1], state[2])
      ck_adamw_at(Int32(level), &w, gradient, &m, &v, count, options)
      for (a, b) in zip([w, m, v], [weights, first, second]) { #expect(relativeError(a, b) < 1e-6) }
    }
  }

  @Test(arguments: [0, 5, 4096, 10_007]) func sumOfSquares(count: Int) {
    var noise = Noise(UInt64(count))
    let x = noise.floats(count)
    var expected = 0.0
    ck_sum_squares_reference(x, count, &expected)
    for level in levels {
      var sum = -1.0
      ck_sum_squares_at(Int32(level), x, count, &sum)
      #expect(abs(sum - expected) <= 1e-6 * expected)
    }
  }

  @Test func scatterAddsWhatGatherTook() {
    var noise = Noise(2)
    let (width, ids) = (21, noise.ids(50, below: 9))
    let table = noise.floats(9 * width)
    var rows = [Float](repeating: 0, count: 50 * width)
    ck_embedding_gather(table, width, ids, 50, &rows)
    for (i, id) in ids.enumerated() {
      #expect(rows[i * width..<(i + 1) * width] == table[Int(id) * width..<(Int(id) + 1) * width])
    }
    var expected = table
    ck_embedding_scatter_reference(rows, width, ids, 50, 2, 7, &expected)
    #expect(expected != table)
    for level in levels {
      var sums = table
      ck_embedding_scatter_at(Int32(level), rows, width, ids, 50, 2, 5, &sums)
      ck_embedding_scatter_at(Int32(level), rows, width, ids, 50, 5, 7, &sums)
      #expect(sums == expected, "the same order, hence the same bits")
    }
  }
}
