/// Files of the spool that contradict each other: nothing goes on before somebody looked.
struct InconsistentSpool: Error, CustomStringConvertible {
  let description: String
}
