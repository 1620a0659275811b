/// What of a house's words is more than another name for a key: event names of several places, elements of lists, words
/// for values.
struct HouseWords: Sendable {
  /// A name that is put together.
  struct Template: Sendable {
    enum Part: Sendable {
      case text([UInt8])
      /// The value of a slot.
      case place(Int)
    }
    var parts: [Part] = []
  }

  private(set) var templates: [Template] = []
  /// The slots of the places that templates ask for; no event keeps them.
  private(set) var places: [(slot: Int, path: String)] = []
  let firstPlace: Int
  /// By slot: the log's word in small letters, and the one that rules know.
  private(set) var values: [Int: [String: [UInt8]]] = [:]
  /// Whether a path leads into a list.
  private(set) var hasElements = false

  var isEmpty: Bool { templates.isEmpty && values.isEmpty && !hasElements }

  /// Adds the places of templates to the fields.
  init(_ vocabulary: LogVocabulary, fields: inout [String]) {
    firstPlace = fields.count
    for (field, words) in vocabulary.values {
      guard let slot = fields.firstIndex(of: field) else { continue }
      for (own, known) in words { values[slot, default: [:]][own.lowercased()] = Array(known.utf8) }
    }
    for text in vocabulary.nameTemplates {
      var template = Template()
      for piece in text.split(separator: "{", omittingEmptySubsequences: false) {
        let halves = piece.split(separator: "}", omittingEmptySubsequences: false)
        if halves.count > 1 {
          let path = String(halves[0])
          let known = places.first { $0.path == path }?.slot
          if known == nil {
            places.append((fields.count, path))
            fields.append("{" + path + "}")
          }
          template.parts.append(.place(known ?? fields.count - 1))
        }
        if let rest = halves.last, !rest.isEmpty { template.parts.append(.text(Array(rest.utf8))) }
      }
      templates.append(template)
    }
    let paths = vocabulary.preferred.values.joined() + places.map(\.path)
    hasElements = paths.contains { path in
      path.split(separator: ".").contains { $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }
    }
  }
}
