/// Nodes that wait until their collection closes, in memory of their own: taken off, they are moved, and no reference is
/// counted.
@safe final class NodeStack {
  private var base: UnsafeMutablePointer<Node>
  private var capacity: Int
  private(set) var count = 0

  init() {
    capacity = 64
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    // As many nodes stand in the memory as are counted.
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  func append(_ node: consuming Node) {
    if count == capacity { grow() }
    // There is room for one more.
    unsafe (base + count).initialize(to: node)
    count += 1
  }

  func popLast() -> Node? {
    guard count > 0 else { return nil }
    count -= 1
    // The node is no longer counted.
    return unsafe (base + count).move()
  }

  var last: Node? { count > 0 ? unsafe base[count - 1] : nil }

  /// Where the last node stands in the file; `nil` where fewer nodes than these are there.
  func lastRange(above mark: Int = 0) -> ByteRange? {
    count > mark ? unsafe base[count - 1].range : nil
  }

  func changeLast(_ change: (inout Node) -> Void) {
    if count > 0 { unsafe change(&base[count - 1]) }
  }

  /// Takes the nodes from a mark on.
  func take(from mark: Int) -> [Node] {
    guard mark < count else { return [] }
    let taken = count - mark
    count = mark
    // Room first: to have the array made around uninitialised memory looks its type up each time.
    var nodes: [Node] = []
    nodes.reserveCapacity(taken)
    // All that were counted are moved.
    for index in mark..<mark + taken { nodes.append(unsafe (base + index).move()) }
    return nodes
  }

  /// Takes the nodes from a mark on, keys and values in turn.
  func takeEntries(from mark: Int) -> [Node.Entry] {
    if !(count - mark).isMultiple(of: 2) { _ = popLast() }
    guard mark < count else { return [] }
    let taken = (count - mark) / 2
    count = mark
    var entries: [Node.Entry] = []
    entries.reserveCapacity(taken)
    for index in 0..<taken {
      // The nodes of all entries are moved.
      let place = unsafe base + mark + 2 * index
      entries.append(unsafe Node.Entry(key: place.move(), value: (place + 1).move()))
    }
    return entries
  }

  private func grow() {
    let room = UnsafeMutablePointer<Node>.allocate(capacity: 2 * capacity)
    // All nodes that are counted are moved.
    unsafe room.moveInitialize(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = room
    capacity *= 2
  }
}
