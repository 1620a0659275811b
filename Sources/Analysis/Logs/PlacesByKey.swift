/// Where things stand in a list, by what they are known by: keys that are looked through, until there are many.
struct PlacesByKey<Key: Hashable> {
  private(set) var keys: [Key] = []
  private var places: [Key: Int] = [:]
  private static var longest: Int { 16 }

  /// The place of a key, if it has one.
  func place(of key: Key) -> Int? {
    keys.count > Self.longest ? places[key] : keys.firstIndex(of: key)
  }

  /// Gives the next place to a key that has none.
  mutating func append(_ key: Key) {
    keys.append(key)
    if keys.count == Self.longest + 1 {
      for (place, key) in keys.enumerated() { places[key] = place }
    } else if keys.count > Self.longest {
      places[key] = keys.count - 1
    }
  }
}
