import Decoding

extension Claim {
  /// What its folder says of all its documents; a claim keeps the folder's words as they were when it was taken.
  var origin: ClaimSources.Origin {
    ClaimSources.Origin(source: source, maxUses: options.isEmpty ? 0 : ClaimReader.options(self).maxUses)
  }
}
