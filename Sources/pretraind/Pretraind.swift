@main
struct Pretraind {
  static func main() {}
}
