import CKernels
import Testing

@testable import EngineCPU

@Suite struct AttentionTests {
  struct Case: CustomStringConvertible, Sendable {
    let length, dimension, group: Int
    let documents: Bool
    var description: String { "T \(length), d \(dimension), group \(group), documents \(documents)" }
  }

  static let cases = [
    Case(length: 1, dimension: 8, group: 1, documents: false),
    Case(length: 40, dimension: 8, group: 2, documents: false),
    Case(length: 97, dimension: 32, group: 3, documents: false),
    Case(length: 230, dimension: 20, group: 2, documents: true),
    Case(length: 1056, dimension: 4, group: 1, documents: true),
  ]

  /// One window's tensors, rows as in the model: queries, one key head, one value head.
  private final class Window {
    let task: ck_attention
    let gradients: ck_attention_gradients
    let memory: [Memory<Float>]
    let first: Memory<Int32>
    let row: Int
    let outRow: Int

    init(_ size: Case, seed: UInt64) {
      var noise = Noise(seed)
      let (length, dimension, group) = (size.length, size.dimension, size.group)
      let (row, outRow) = ((group + 2) * dimension, group * dimension)
      let memory = [row, outRow, group, outRow, row].map { Memory<Float>($0 * length) }
      for block in [memory[0], memory[3]] { for i in 0..<block.count { block.base[i] = noise.float() } }
      for block in [memory[1], memory[2], memory[4]] { for i in 0..<block.count { block.base[i] = .nan } }
      let first = Memory<Int32>(length)
      for t in 1..<max(length, 2) where t < length {
        first.base[t] = size.documents && noise.bits() % 40 == 0 ? Int32(t) : first.base[t - 1]
      }
      task = ck_attention(
        q: memory[0].base, k: memory[0].base + group * dimension, v: memory[0].base + (group + 1) * dimension, row: row,
        out: memory[1].base, out_row: outRow, log_sums: memory[2].base, first: first.base, length: length,
        dimension: dimension, group: group, scale: 0.7)
      gradients = ck_attention_gradients(
        dout: memory[3].base, dq: memory[4].base, dk: memory[4].base + group * dimension,
        dv: memory[4].base + (group + 1) * dimension)
      (self.memory, self.first, self.row, self.outRow) = (memory, first, row, outRow)
    }

    subscript(index: Int) -> [Float] { (0..<memory[index].count).map { memory[index].base[$0] } }
  }

  @Test(arguments: cases) func blockedEqualsQueryByQuery(_ size: Case) {
    let expected = Window(size, seed: 11)
    withUnsafePointer(to: expected.task) { task in
      ck_attention_forward_reference(task)
      withUnsafePointer(to: expected.gradients) { ck_attention_backward_reference(task, $0) }
    }
    let scratch = Memory<Float>(ck_attention_scratch(size.length, size.dimension))
    for level in levels {
      let window = Window(size, seed: 11)
      for i in 0..<scratch.count { scratch.base[i] = .nan }
      withUnsafePointer(to: window.task) { task in
        ck_attention_forward_at(Int32(level), task, scratch.base)
        withUnsafePointer(to: window.gradients) {
          ck_attention_backward_at(Int32(level), task, $0, scratch.base)
        }
      }
      #expect(relativeError(window[1], expected[1]) < 2e-6, "output, level \(level)")
      #expect(relativeError(window[2], expected[2]) < 2e-6, "log sums, level \(level)")
      #expect(relativeError(window[4], expected[4]) < 1e-5, "gradients, level \(level)")
    }
  }

  @Test func decodingEqualsTheLastQuery() {
    let size = Case(length: 33, dimension: 16, group: 1, documents: false)
    let window = Window(size, seed: 5)
    withUnsafePointer(to: window.task) { ck_attention_forward_reference($0) }
    var (scores, out) = ([Float](repeating: 0, count: 33), [Float](repeating: 0, count: 16))
    ck_attention_decode(
      window.task.q + 32 * window.row, window.task.k, window.task.v, window.row, 33, 16, 0.7, &scores, &out)
    #expect(relativeError(out, window[1].suffix(16)) < 1e-6)
  }
}
