/// How many members of an ordered list stand in a stretch of it, or how many values they have, in each of their groups.
///
/// The stretch moves along from one judged event to the next: ten thousand events ask each member a few times, and not ten
/// thousand times.
struct CountWindow {
  /// By member: its group and its value, where it has one.
  private let groups: [UInt64?]
  private let values: [UInt64?]
  private var stretch = 0..<0
  private var known: [UInt64?: Members] = [:]
  /// How many groups have so many, and the least and the greatest such number.
  private var sizes = [0]
  private var least = 1
  private var most = 0

  private struct Members {
    var size = 0
    var values: [UInt64: Int] = [:]
  }

  /// How it is asked: the same members are counted in different ways.
  struct Key: Hashable {
    var members: CaseMemory.Key
    var distinct: PlannedField?
    var per: PlannedField?
    var isBounded: Bool
  }

  init(groups: [UInt64?], values: [UInt64?]) {
    self.groups = groups
    self.values = values
  }

  /// The least and the greatest number that a group has; `nil` where there is no group.
  var extremes: (least: Int, most: Int)? { most == 0 ? nil : (least, most) }

  /// Counts another stretch.
  mutating func move(to wanted: Range<Int>) {
    if wanted.lowerBound >= stretch.upperBound || wanted.upperBound <= stretch.lowerBound {
      known.removeAll(keepingCapacity: true)
      sizes = [0]
      (least, most) = (1, 0)
      stretch = wanted.lowerBound..<wanted.lowerBound
    }
    for member in stretch.upperBound..<max(stretch.upperBound, wanted.upperBound) { add(member) }
    for member in wanted.lowerBound..<max(wanted.lowerBound, stretch.lowerBound) { add(member) }
    for member in stretch.lowerBound..<max(stretch.lowerBound, wanted.lowerBound) { remove(member) }
    for member in wanted.upperBound..<max(wanted.upperBound, stretch.upperBound) { remove(member) }
    stretch = wanted
  }

  private mutating func add(_ member: Int) {
    var group = known.removeValue(forKey: groups[member]) ?? Members()
    if let value = values[member] {
      group.values[value, default: 0] += 1
      if group.values[value] == 1 { grow(&group, by: 1) }
    } else {
      grow(&group, by: 1)
    }
    known[groups[member]] = group
  }

  private mutating func remove(_ member: Int) {
    var group = known.removeValue(forKey: groups[member]) ?? Members()
    if let value = values[member], let count = group.values[value] {
      group.values[value] = count == 1 ? nil : count - 1
      if count == 1 { grow(&group, by: -1) }
    } else {
      grow(&group, by: -1)
    }
    if group.size > 0 { known[groups[member]] = group }
  }

  private mutating func grow(_ group: inout Members, by change: Int) {
    if group.size > 0 { sizes[group.size] -= 1 }
    group.size += change
    if sizes.count <= group.size { sizes.append(0) }
    if group.size > 0 {
      sizes[group.size] += 1
      least = min(least, group.size)
      most = max(most, group.size)
    }
    while most > 0 && sizes[most] == 0 { most -= 1 }
    while least < most && sizes[least] == 0 { least += 1 }
    if most == 0 { least = 1 }
  }
}
