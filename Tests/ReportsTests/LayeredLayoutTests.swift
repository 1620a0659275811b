import Testing

@testable import Reports

@Suite("The layout of graphs")
struct LayeredLayoutTests {
  private func layout(_ count: Int, _ edges: [(Int, Int)], labelled: Set<Int> = []) -> LayeredLayout
  {
    LayeredLayout(
      nodes: (0..<count).map { .init(width: 100 + Double($0 % 3) * 20, height: 40) },
      edges: edges.enumerated().map { index, edge in
        let label = labelled.contains(index) ? LayeredLayout.Size(width: 60, height: 16) : nil
        return .init(from: edge.0, to: edge.1, label: label)
      })
  }

  @Test func `a chain is a straight column`() {
    let layout = layout(4, [(0, 1), (1, 2), (2, 3)])
    #expect(Set(layout.centres.map { $0.x.rounded() }).count == 1)
    #expect(layout.centres.map(\.y) == layout.centres.map(\.y).sorted())
    #expect(layout.routes.allSatisfy { $0.points.count == 2 && !$0.isBack })
  }

  @Test func `a loop leaves the column straight`() {
    let layout = layout(4, [(0, 1), (1, 2), (2, 3), (2, 0)], labelled: [3])
    #expect(abs(layout.centres[0].x - layout.centres[3].x) < 1)
    #expect(layout.routes[3].isBack)
    #expect(layout.routes[3].points.first?.y ?? 0 > layout.routes[3].points.last?.y ?? 0)
  }

  @Test func `crossings that need not be are not`() {
    var grid = Grid(
      nodes: Array(repeating: .init(width: 10, height: 10), count: 6),
      edges: [(0, 5), (1, 4), (2, 3)].map { .init(from: $0.0, to: $0.1, label: nil) },
      layers: [0, 0, 0, 2, 2, 2])
    #expect(grid.crossings() == 3)
    grid.reduceCrossings(sweeps: 4)
    #expect(grid.crossings() == 0)
  }

  @Test(arguments: 0..<40)
  func `boxes never overlap, and edges end at their boxes`(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    let count = Int(random.next() % 30) + 1
    let edges = (0..<Int(random.next() % 60)).map { _ in
      (Int(random.next() % UInt64(count)), Int(random.next() % UInt64(count)))
    }
    let layout = layout(count, edges, labelled: Set(edges.indices.filter { $0 % 3 == 0 }))
    let again = self.layout(count, edges, labelled: Set(edges.indices.filter { $0 % 3 == 0 }))
    #expect(layout.centres == again.centres)
    let halves = (0..<count).map { (100 + Double($0 % 3) * 20) / 2 }
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) {
        let distance = layout.centres[first].x - layout.centres[second].x
        let isApart = abs(distance) >= halves[first] + halves[second]
        #expect(isApart || abs(layout.centres[first].y - layout.centres[second].y) >= 40)
      }
    }
    for (edge, route) in zip(edges, layout.routes) where edge.0 != edge.1 {
      for (node, point) in [(edge.0, route.points.first), (edge.1, route.points.last)] {
        let centre = layout.centres[node]
        #expect(abs((point?.x ?? -1e9) - centre.x) <= halves[node])
        #expect(abs(abs((point?.y ?? -1e9) - centre.y) - 20) < 0.01)
      }
    }
    for centre in layout.centres {
      #expect(centre.x >= 0 && centre.x <= layout.size.width)
      #expect(centre.y >= 0 && centre.y <= layout.size.height)
    }
  }
}

/// Steele, Lea and Flood's SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
