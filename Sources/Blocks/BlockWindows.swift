/// A block as windows: window i predicts tokens i * seqLen + 1 ... (i + 1) * seqLen from the ones before each.
/// There are floor((T - 1) / seqLen); neighbours share one token.
public struct BlockWindows: Sendable {
  public let block: Block
  public let seqLen: Int
  public let count: Int

  init(_ block: Block, _ seqLen: Int) {
    precondition(seqLen > 0, "a window predicts at least one token")
    self.block = block
    self.seqLen = seqLen
    count = block.manifest.windows(seqLen)
  }

  /// Writes window `window` into row `row` of the batch; nothing is allocated.
  public func fill(_ batch: inout WindowBatch, row: Int, window: Int) {
    precondition(window >= 0 && window < count, "window \(window) of \(count)")
    precondition(row >= 0 && row < batch.rows && batch.length == seqLen, "the batch has another shape")
    let first = window * seqLen
    let at = row * seqLen
    batch.inputs.withUnsafeMutableBufferPointer { inputs in
      block.copy(from: first, into: UnsafeMutableBufferPointer(rebasing: inputs[at..<at + seqLen]))
    }
    batch.targets.withUnsafeMutableBufferPointer { targets in
      block.copy(from: first + 1, into: UnsafeMutableBufferPointer(rebasing: targets[at..<at + seqLen]))
    }
    batch.channels.withUnsafeMutableBufferPointer { channels in
      batch.documentStarts.withUnsafeMutableBufferPointer { starts in
        mark(
          first, UnsafeMutableBufferPointer(rebasing: channels[at..<at + seqLen]),
          UnsafeMutableBufferPointer(rebasing: starts[at..<at + seqLen]))
      }
    }
  }

  /// Channel of each target and the inputs that begin a document, one sequence at a time.
  private func mark(
    _ first: Int, _ channels: UnsafeMutableBufferPointer<UInt8>, _ starts: UnsafeMutableBufferPointer<UInt8>
  ) {
    starts.update(repeating: 0)
    var sequence = block.sequence(at: first)
    var position = first
    while sequence < block.sequences && position <= first + seqLen {
      let begin = block.start(sequence)
      let end = begin + block.length(sequence)
      if begin >= first && begin < first + seqLen { starts[begin - first] = 1 }
      // Target i is the token at first + 1 + i.
      let from = max(begin - first - 1, 0)
      let to = min(end - first - 1, seqLen)
      if from < to { channels[from..<to].update(repeating: block.channel(sequence)) }
      position = end
      sequence += 1
    }
  }
}

/// Rows of windows as an engine wants them; the arrays are [rows, length].
public struct WindowBatch: Sendable {
  public let rows: Int
  public let length: Int
  public var inputs: [Int32]
  public var targets: [Int32]
  /// Of each target: position in the manifest's channel list.
  public var channels: [UInt8]
  /// 1 where an input token begins a document or the continuation of one.
  public var documentStarts: [UInt8]

  public init(rows: Int, length: Int) {
    self.rows = rows
    self.length = length
    inputs = [Int32](repeating: 0, count: rows * length)
    targets = [Int32](repeating: 0, count: rows * length)
    channels = [UInt8](repeating: 0, count: rows * length)
    documentStarts = [UInt8](repeating: 0, count: rows * length)
  }
}

extension Block {
  /// The block cut into windows for training.
  public func windows(_ seqLen: Int) -> BlockWindows { BlockWindows(self, seqLen) }
}
