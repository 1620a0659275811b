/// What libFuzzer hands to a target, as a value.
package enum FuzzDriver {
  /// The input's bytes; libFuzzer takes its memory back when the target returns.
  package static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
