/// Kleene's logic, where `nil` is what is not known: a part that decides the whole ends the asking.
extension Sequence {
  @inline(__always)
  func allHold(_ holds: (Element) -> Bool?) -> Bool? {
    var isOpen = false
    for part in self {
      switch holds(part) {
      case false?: return false
      case nil: isOpen = true
      case true?: break
      }
    }
    return isOpen ? nil : true
  }

  @inline(__always)
  func anyHolds(_ holds: (Element) -> Bool?) -> Bool? { allHold { holds($0).map(!) }.map(!) }
}
