/// What the composer asks about documents that it has drawn, where the order or the splitting of long ones needs it.
public protocol DocumentFacts: AnyObject {
  /// Token ids are below.
  var vocabulary: Int { get }
  /// By token id: the token ends a line or a paragraph.
  var lineEnds: [Bool] { get }
  var paragraphEnds: [Bool] { get }
  /// Puts tokens of a document into `buffer`, in place of what it holds.
  func tokens(of ordinal: UInt32, _ range: Range<Int>, into buffer: inout [Int32]) throws
  /// A number that the documents carry, not a number where one has none.
  func signal(_ name: String, of ordinals: [UInt32]) throws -> [Float]
  /// Vectors from elsewhere, all of one length; nil = the composer makes its own.
  func embeddings(of ordinals: [UInt32]) throws -> [[Float]]?
}
