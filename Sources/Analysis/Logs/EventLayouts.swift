import EventLogs

/// What a slot is to a record.
struct RecordedSlot {
  /// Where the record keeps the hash of its value; -1 for nowhere.
  var value: Int8 = -1
  var identity: Identity = .none
  /// The workflow or the step.
  var isStep = false

  enum Identity: UInt8 { case none, output, request, prompt, certificate, link }

  var isNothing: Bool { value < 0 && identity == .none && !isStep }
}

/// What a recorder does with the fields of an event, found out once for all events of a name whose fields fill the same
/// slots in the same order.
struct EventLayouts {
  private var layouts: [Layout] = Array(repeating: Layout(), count: mostLayouts)
  private(set) var uses: [FieldUse] = []
  private(set) var groups: [GroupPlace] = []
  private(set) var parts: [Part] = []

  private static let mostLayouts = 1 << 9
  private static let mostParts = 1 << 16

  struct Layout {
    /// As the scanner has it; 0 for none.
    var key: UInt64 = 0
    var uses: Range<Int32> = 0..<0
    var groups: Range<Int32> = 0..<0
  }

  /// What a field is to the record.
  struct FieldUse {
    var field: Int32
    var slot: RecordedSlot
  }

  /// A group of tests, with the fields that decide it.
  struct GroupPlace {
    var group: Int32
    var parts: Range<Int32>
    /// Not by fields alone.
    var isForgetful: Bool
  }

  /// A field that decides a group.
  struct Part {
    /// -1 where the event has none.
    var field: Int32 = -1
    /// Only what kind of value it is.
    var isKind = false
  }

  /// What is known of a layout; `nil` the first time.
  @inline(__always)
  func find(_ key: UInt64) -> Layout? {
    let layout = layouts[EventLayouts.place(of: key)]
    return layout.key == key && key != 0 ? layout : nil
  }

  /// Notes what a layout's fields are for, by the groups that the event's name asks for.
  mutating func add(
    _ key: UInt64, _ fields: Span<LineField>, _ slots: [RecordedSlot],
    _ asked: [(group: Int32, slots: ArraySlice<Int16>, isForgetful: Bool)]
  ) -> Layout {
    if parts.count + uses.count > EventLayouts.mostParts { self = EventLayouts() }
    var layout = Layout(key: key)
    let firstUse = Int32(uses.count)
    for index in fields.indices {
      let slot = slots[Int(fields[index].slot)]
      if !slot.isNothing { uses.append(FieldUse(field: Int32(index), slot: slot)) }
    }
    layout.uses = firstUse..<Int32(uses.count)
    let firstGroup = Int32(groups.count)
    for one in asked {
      let firstPart = Int32(parts.count)
      for slot in one.slots {
        var part = Part()
        part.isKind = slot >= 256
        for index in fields.indices where Int16(fields[index].slot) == slot & 255 {
          part.field = Int32(index)
        }
        parts.append(part)
      }
      groups.append(
        GroupPlace(
          group: one.group, parts: firstPart..<Int32(parts.count), isForgetful: one.isForgetful))
    }
    layout.groups = firstGroup..<Int32(groups.count)
    layouts[EventLayouts.place(of: key)] = layout
    return layout
  }

  @inline(__always)
  private static func place(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: key &* 0x9E37_79B9_7F4A_7C15 >> 40) & (mostLayouts - 1)
  }
}
