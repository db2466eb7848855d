/// What a vocabulary has to be.
struct MergePlan {
  /// The 256 bytes and all merges.
  var tokens: Int
  /// A pair must be met so often to be merged.
  var minimum: Int64
  /// Characters that are merged before anything is learned, whatever their count.
  var characters: [[UInt8]] = []
  /// Tokens that must not come to be.
  var banned = BannedTokens()
  /// Pairs kept above those that are needed; small only in tests.
  var spare = 1024
}
