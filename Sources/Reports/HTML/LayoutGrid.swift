/// The cells of a layered drawing: the nodes, and a cell for each layer that an edge only passes.
struct Grid {
  struct Cell {
    var layer: Int
    var size: LayeredLayout.Size
    var isNode: Bool
    /// Part of a way back up: it gives way to what leads down.
    var isBack = false
  }

  private(set) var cells: [Cell]
  /// The cells of each layer, from left to right.
  private(set) var layers: [[Int]]
  /// By edge: its cells from the upper node to the lower one.
  private(set) var chains: [[Int]] = []
  /// By edge: the cell with its label.
  private(set) var labels: [Int?] = []
  private var above: [[Int]]
  private var below: [[Int]]

  init(nodes: [LayeredLayout.Size], edges: [LayeredLayout.Edge], layers: [Int]) {
    cells = zip(nodes, layers).map { Cell(layer: $1, size: $0, isNode: true) }
    self.layers = Array(repeating: [], count: (layers.max() ?? 0) + 1)
    above = Array(repeating: [], count: nodes.count)
    below = Array(repeating: [], count: nodes.count)
    for node in nodes.indices { self.layers[layers[node]].append(node) }
    for edge in edges { thread(edge) }
  }

  /// Leads an edge through a cell on each layer between its ends.
  private mutating func thread(_ edge: LayeredLayout.Edge) {
    let upper = min(edge.from, edge.to)
    let lower = max(edge.from, edge.to)
    guard upper != lower else {
      chains.append([upper])
      labels.append(nil)
      return
    }
    // The label stands by the edge's start, where the decision is made.
    let labelled = edge.from == upper ? cells[upper].layer + 1 : cells[lower].layer - 1
    var chain = [upper]
    var label: Int?
    for layer in (cells[upper].layer + 1)..<cells[lower].layer {
      let room = layer == labelled ? edge.label : nil
      if room != nil { label = cells.count }
      chain.append(cells.count)
      layers[layer].append(cells.count)
      cells.append(
        Cell(
          layer: layer, size: room ?? LayeredLayout.Size(width: 2, height: 0), isNode: false,
          isBack: edge.to < edge.from))
      above.append([])
      below.append([])
    }
    chain.append(lower)
    for (first, second) in zip(chain, chain.dropFirst()) {
      below[first].append(second)
      above[second].append(first)
    }
    chains.append(chain)
    labels.append(label)
  }

  // MARK: Order within layers

  /// Sorts each layer by the mean place of its neighbours, down and up in turn, and keeps the best order seen.
  mutating func reduceCrossings(sweeps: Int) {
    var best = layers
    var fewest = crossings()
    for sweep in 0..<sweeps where fewest > 0 {
      let isDown = sweep % 2 == 0
      let order = isDown ? Array(layers.indices.dropFirst()) : layers.indices.dropLast().reversed()
      for layer in order {
        let places = self.places(of: isDown ? layer - 1 : layer + 1)
        let keys = layers[layer].enumerated().map { place, cell in
          let others = (isDown ? above[cell] : below[cell]).compactMap { places[$0] }
          let mean =
            others.isEmpty
            ? Double(place) : Double(others.reduce(0, +)) / Double(others.count)
          return (cell: cell, key: mean, place: place)
        }
        layers[layer] = keys.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.cell)
      }
      let count = crossings()
      if count < fewest {
        fewest = count
        best = layers
      }
    }
    layers = best
  }

  private func places(of layer: Int) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: layers[layer].enumerated().map { ($1, $0) })
  }

  /// How often edges cross.
  func crossings() -> Int {
    var count = 0
    for layer in layers.indices.dropLast() {
      let places = self.places(of: layer + 1)
      var ends: [Int] = []
      for cell in layers[layer] {
        ends += below[cell].compactMap { places[$0] }.sorted()
      }
      // Inversions, counted while the ends are inserted in order.
      var sorted: [Int] = []
      for end in ends {
        var low = 0
        var high = sorted.count
        while low < high {
          let middle = (low + high) / 2
          if sorted[middle] <= end { low = middle + 1 } else { high = middle }
        }
        count += sorted.count - low
        sorted.insert(end, at: low)
      }
    }
    return count
  }

  // MARK: Columns

  /// The centre of each cell: as near to its neighbours as its layer's order and the gaps allow.
  func columns(gap: Double, edgeGap: Double, sweeps: Int) -> [Double] {
    var columns = [Double](repeating: 0, count: cells.count)
    for layer in layers {
      var x = 0.0
      for (place, cell) in layer.enumerated() {
        if place > 0 { x += distance(layer[place - 1], cell, gap, edgeGap) }
        columns[cell] = x
      }
      let middle = x / 2
      for cell in layer { columns[cell] -= middle }
    }
    for sweep in 0..<sweeps {
      var moved = 0.0
      let order = sweep % 2 == 0 ? Array(layers.indices) : layers.indices.reversed()
      for layer in order {
        let wishes = layers[layer].map { wish(of: $0, columns) }
        let placed = spread(layers[layer], wishes, gap, edgeGap)
        for (cell, x) in zip(layers[layer], placed) {
          moved = max(moved, abs(columns[cell] - x))
          columns[cell] = x
        }
      }
      if moved < 0.05 { break }
    }
    return columns
  }

  private func distance(_ left: Int, _ right: Int, _ gap: Double, _ edgeGap: Double) -> Double {
    let between = cells[left].isNode && cells[right].isNode ? gap : edgeGap
    return (cells[left].size.width + cells[right].size.width) / 2 + between
  }

  /// Where a cell would stand by its neighbours alone, and how much that counts in its layer.
  ///
  /// Long edges pull harder, so that they become straight; ways back give way to everything.
  private func wish(of cell: Int, _ columns: [Double]) -> (x: Double, weight: Double) {
    var sum = 0.0
    var weight = 0.0
    for other in above[cell] + below[cell] {
      let isLong = !cells[cell].isNode && !cells[other].isNode
      let pull = isLong ? 4 : cells[cell].isNode && cells[other].isBack ? 0.0001 : 1.0
      sum += columns[other] * pull
      weight += pull
    }
    if weight == 0 { return (columns[cell], 0.01) }
    return (sum / weight, cells[cell].isBack ? 0.01 : weight)
  }

  /// The places nearest to the wishes, by weighted squares, that keep order and distance: pooled adjacent violators.
  private func spread(
    _ layer: [Int], _ wishes: [(x: Double, weight: Double)], _ gap: Double, _ edgeGap: Double
  ) -> [Double] {
    var offsets: [Double] = []
    var offset = 0.0
    for (place, cell) in layer.enumerated() {
      if place > 0 { offset += distance(layer[place - 1], cell, gap, edgeGap) }
      offsets.append(offset)
    }
    var blocks: [(x: Double, weight: Double, count: Int)] = []
    for (wish, offset) in zip(wishes, offsets) {
      var block = (x: wish.x - offset, weight: wish.weight, count: 1)
      while let last = blocks.last, last.x > block.x {
        blocks.removeLast()
        let weight = last.weight + block.weight
        block = (
          (last.x * last.weight + block.x * block.weight) / weight, weight,
          last.count + block.count
        )
      }
      blocks.append(block)
    }
    let places = blocks.flatMap { Array(repeating: $0.x, count: $0.count) }
    return zip(places, offsets).map { $0 + $1 }
  }
}
