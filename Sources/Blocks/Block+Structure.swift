import Posix

/// The checks of an opened block whose cost grows with its sequences, not its tokens.
extension Block {
  /// Sequences follow each other without gap to the end of the tokens: no later access can leave the files.
  func checkIndex() throws(BlockError) {
    var position = 0
    for sequence in 0..<sequences {
      let at = MegatronIndex.headerBytes + 4 * sequence
      guard length(sequence) > 0, index.offset(sequence) == position * manifest.tokenType.size else {
        throw indexError(at, "sequence \(sequence) does not begin where the one before ends")
      }
      guard index.document(sequence) == sequence else {
        throw indexError(at, "document \(sequence) is not sequence \(sequence)")
      }
      position += length(sequence)
    }
    guard position == tokens, index.document(sequences) == sequences else {
      throw indexError(MegatronIndex.headerBytes, "the sequences have \(position) tokens, the manifest says \(tokens)")
    }
  }

  private func indexError(_ offset: Int, _ reason: String) -> BlockError {
    BlockError(directory.path / manifest.name.index, at: offset, reason, remedy: BlockError.recompose)
  }

  /// Every channel is in the list, and they add up to the manifest's counts.
  func checkChannels() throws(BlockError) {
    var counts = [Int](repeating: 0, count: manifest.channels.count)
    for sequence in 0..<sequences {
      let channel = Int(channel(sequence))
      guard channel < counts.count else {
        throw BlockError(
          directory.path / manifest.name.channels, at: sequence, "channel \(channel) is not in the manifest's list",
          remedy: BlockError.recompose)
      }
      counts[channel] += length(sequence)
    }
    guard counts == manifest.tokensPerChannel else {
      throw BlockError(
        manifestPath, "tokens_per_channel is \(manifest.tokensPerChannel), counted \(counts)",
        remedy: ManifestFields.remedy)
    }
  }
}
