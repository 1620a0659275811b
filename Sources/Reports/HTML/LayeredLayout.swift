/// Places the nodes of a directed graph in layers, after Sugiyama, Tagawa and Toda (1981): ways back turned round,
/// layers by the longest path, fewer crossings by barycentres, then coordinates.
///
/// Node and edge order decide between equals, so that the same graph is always drawn alike.
struct LayeredLayout {
  struct Size {
    var width: Double
    var height: Double
  }

  struct Edge {
    var from: Int
    var to: Int
    /// The room for its label, where it has one.
    var label: Size?
  }

  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  /// An edge as placed.
  struct Route {
    /// From the edge's start to its end; between two points of one height lies nothing else.
    var points: [Point]
    /// The centre of its label.
    var label: Point?
    /// Whether it leads back up.
    var isBack: Bool
  }

  /// The centres of the nodes.
  private(set) var centres: [Point] = []
  /// By edge; without points for an edge from a node to itself.
  private(set) var routes: [Route] = []
  private(set) var size = Size(width: 0, height: 0)

  private static let gap = 28.0
  private static let edgeGap = 16.0
  private static let layerGap = 20.0
  /// Enough for the order to settle.
  private static let orderSweeps = 12
  /// Few graphs move for so long.
  private static let columnSweeps = 200

  private let nodes: [Size]
  private let edges: [Edge]

  /// - Parameters:
  ///   - nodes: the sizes of the nodes, in an order in which most edges lead forward.
  ///   - edges: the edges, by indices of nodes.
  init(nodes: [Size], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges
    guard !nodes.isEmpty else { return }
    var grid = Grid(nodes: nodes, edges: edges, layers: Self.layers(nodes.count, edges))
    grid.reduceCrossings(sweeps: Self.orderSweeps)
    let columns = grid.columns(gap: Self.gap, edgeGap: Self.edgeGap, sweeps: Self.columnSweeps)
    place(grid, columns)
  }

  /// Whether an edge is turned round before the layers are made.
  private static func isBack(_ edge: Edge) -> Bool { edge.to < edge.from }

  /// Twice the longest path from a node that nothing leads to: what lies between is for labels.
  private static func layers(_ count: Int, _ edges: [Edge]) -> [Int] {
    var forward = [[Int]](repeating: [], count: count)
    var backward = [[Int]](repeating: [], count: count)
    for edge in edges where edge.from != edge.to {
      forward[min(edge.from, edge.to)].append(max(edge.from, edge.to))
      backward[max(edge.from, edge.to)].append(min(edge.from, edge.to))
    }
    var layers = [Int](repeating: 0, count: count)
    for node in 0..<count {
      layers[node] = backward[node].map { layers[$0] + 2 }.max() ?? 0
    }
    // What nothing leads to stands close to what it leads to.
    for node in (0..<count).reversed() where backward[node].isEmpty {
      if let next = forward[node].map({ layers[$0] }).min() { layers[node] = max(0, next - 2) }
    }
    return layers
  }

  // MARK: Coordinates

  private mutating func place(_ grid: Grid, _ columns: [Double]) {
    var tops: [Double] = []
    var y = 0.0
    for layer in grid.layers {
      tops.append(y)
      let height = layer.map { grid.cells[$0].size.height }.max() ?? 0
      y += height + Self.layerGap
    }
    tops.append(y)
    let left =
      grid.cells.indices.map { columns[$0] - grid.cells[$0].size.width / 2 }.min() ?? 0
    let right =
      grid.cells.indices.map { columns[$0] + grid.cells[$0].size.width / 2 }.max() ?? 0
    size = Size(width: right - left, height: y - Self.layerGap)

    func centre(_ cell: Int) -> Point {
      let layer = grid.cells[cell].layer
      let height = tops[layer + 1] - tops[layer] - Self.layerGap
      return Point(x: columns[cell] - left, y: tops[layer] + height / 2)
    }
    centres = nodes.indices.map(centre)
    let ports = Ports(grid: grid, columns: columns, nodes: nodes, edges: edges)
    for (index, edge) in edges.enumerated() {
      let chain = grid.chains[index]
      guard edge.from != edge.to else {
        routes.append(Route(points: [], label: nil, isBack: false))
        continue
      }
      let upper = centre(chain[0])
      let lower = centre(chain[chain.count - 1])
      let last = chain[chain.count - 1]
      var points = [
        Point(
          x: upper.x + ports.below[index], y: upper.y + grid.cells[chain[0]].size.height / 2)
      ]
      for cell in chain.dropFirst().dropLast() {
        let layer = grid.cells[cell].layer
        // Between two layers of nodes there is nothing to go round.
        if layer % 2 == 1, grid.labels[index] != cell { continue }
        if grid.labels[index] == cell {
          points.append(centre(cell))
          continue
        }
        let x = columns[cell] - left
        points.append(Point(x: x, y: tops[layer]))
        points.append(Point(x: x, y: tops[layer + 1] - Self.layerGap))
      }
      points.append(
        Point(x: lower.x + ports.above[index], y: lower.y - grid.cells[last].size.height / 2))
      let isBack = Self.isBack(edge)
      routes.append(
        Route(
          points: isBack ? points.reversed() : points, label: grid.labels[index].map(centre),
          isBack: isBack))
    }
  }

  /// Where edges touch their nodes, as offsets from the nodes' centres.
  private struct Ports {
    var below: [Double]
    var above: [Double]

    init(grid: Grid, columns: [Double], nodes: [Size], edges: [Edge]) {
      below = Array(repeating: 0, count: edges.count)
      above = Array(repeating: 0, count: edges.count)
      var leaving = [[Int]](repeating: [], count: nodes.count)
      var arriving = [[Int]](repeating: [], count: nodes.count)
      for (index, edge) in edges.enumerated() where edge.from != edge.to {
        leaving[min(edge.from, edge.to)].append(index)
        arriving[max(edge.from, edge.to)].append(index)
      }
      for node in nodes.indices {
        let lower = leaving[node].sorted {
          (columns[grid.chains[$0][1]], $0) < (columns[grid.chains[$1][1]], $1)
        }
        let upper = arriving[node].sorted { first, second in
          let (one, two) = (grid.chains[first], grid.chains[second])
          return (columns[one[one.count - 2]], first) < (columns[two[two.count - 2]], second)
        }
        for (edge, offset) in Self.offsets(lower, edges, width: nodes[node].width) {
          below[edge] = offset
        }
        for (edge, offset) in Self.offsets(upper, edges, width: nodes[node].width) {
          above[edge] = offset
        }
      }
    }

    /// What leads down stands round the middle, ways back beside it on the side they come from.
    private static func offsets(
      _ sorted: [Int], _ edges: [Edge], width: Double
    ) -> [(edge: Int, offset: Double)] {
      let step = min(28, width * 0.7 / Double(max(sorted.count, 1)))
      let down = sorted.indices.filter { !isBack(edges[sorted[$0]]) }
      // Without any, the middle of all; with some, the middle of those.
      let first = Double(down.first ?? 0)
      let middle = (first + Double(down.last ?? sorted.count - 1)) / 2
      let most = width / 2 - 4
      return sorted.enumerated().map { place, edge in
        (edge, min(max((Double(place) - middle) * step, -most), most))
      }
    }
  }
}
