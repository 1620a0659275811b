import EventLogs
import Synchronization

/// What a stretch of a log tells of one case.
struct CaseFragment: Sendable {
  /// In the batch.
  var identities: Range<Int32>
  /// Among the open records of the batch, where the case may go on elsewhere.
  var records: Range<Int32>
  /// Where it certainly looks whole: what is left of it, in words of the batch.
  var settled: Range<Int32>?
  /// How many events it is.
  var count: Int32
  var loud = LoudRules.none
}

/// Gathers the records of stretches into cases, on whatever thread: what lies well inside a stretch, and is quiet before
/// its end, is looked at here and now.
///
/// That is a guess about what is worth while, and no more: whatever comes later makes a second look necessary.
struct CaseGatherer: Sendable {
  let screen: CaseScreen
  let lanes: [UInt16]
  /// How long a case is quiet at most before it is looked at; `nil` to leave the look to the session.
  let quiet: Int64?
  /// A stretch that spans much of this is left to the session, which forgets in between.
  let horizon: Int64
  /// The selections that a case begins with.
  let beginning: UInt64
  private let rooms: StretchRooms

  init(
    plan: LogPlan, screen: CaseScreen, lanes: [UInt16], quiet: Int64?, horizon: Int64,
    rooms: StretchRooms
  ) {
    self.horizon = horizon
    beginning = 1 << UInt64(plan.request) | 1 << UInt64(plan.generation)
    self.screen = screen
    self.lanes = lanes
    self.quiet = quiet
    self.rooms = rooms
  }

  /// Begins a stretch of so many blocks.
  func begin(source: Int, blocks: Int) -> StretchGathering {
    StretchGathering(self, rooms.take(), source: source, blocks: blocks)
  }

  /// Puts cases in the place of records.
  func gather(_ batch: inout RecordBatch, of source: Int) {
    var gathering = begin(source: source, blocks: 1)
    gathering.endBlock(&batch)
    giveBack(gathering.finish(&batch))
  }

  /// Takes the room of a stretch that was gathered.
  func giveBack(_ room: consuming StretchRoom) { rooms.put(room) }
}

/// What a stretch is gathered in: new pages of memory cost more than what is written to them.
struct StretchRoom: Sendable {
  var cases = StretchCases()
  var desk = ScreenDesk()
  /// The records of one case.
  var scratch: [EventRecord] = []
}

/// Rooms that no thread is using.
final class StretchRooms: Sendable {
  private let free = Mutex<[StretchRoom]>([])

  func take() -> StretchRoom { free.withLock { $0.popLast() } ?? StretchRoom() }

  func put(_ room: consuming StretchRoom) {
    let room = room
    free.withLock { $0.append(room) }
  }

  /// No more stretches come.
  func clear() { free.withLock { $0 = [] } }
}
