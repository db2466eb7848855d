import Bytes

/// What the deduplication asks of documents that came before, because it does not keep it.
public struct EarlierDocuments {
  /// The text of a document; nil when it is no longer there.
  let text: (UInt32) -> [UInt8]?
  /// The sketch of a document as it was made when it came; nil where it was not kept: it is made again from the text.
  let sketch: (UInt32) -> DocumentSketch?
  /// The shingles of a document, where somebody still has them.
  let shingles: (UInt32) -> TextShingles?
  /// Text and document by name; nil: they are remembered here.
  let names: ((UInt32) -> DocumentNames)?

  public init(
    text: @escaping (UInt32) -> [UInt8]?, sketch: @escaping (UInt32) -> DocumentSketch? = { _ in nil },
    shingles: @escaping (UInt32) -> TextShingles? = { _ in nil }, names: ((UInt32) -> DocumentNames)? = nil
  ) {
    self.text = text
    self.sketch = sketch
    self.shingles = shingles
    self.names = names
  }
}

/// What decides between documents that are alike in all else.
public struct DocumentNames: Equatable, Sendable {
  public let textID: Identifier
  public let id: Identifier

  public init(textID: Identifier, id: Identifier) {
    self.textID = textID
    self.id = id
  }
}
