import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the program is connected to.
struct Terminal {
  private let environment: [String: String]

  init() {
    var environment: [String: String] = [:]
    for name in [
      "NO_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "FORCE_HYPERLINK", "TERM_PROGRAM",
      "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION",
    ] {
      environment[name] = Environment.value(name)
    }
    self.environment = environment
  }

  /// Whether a report to this descriptor is coloured.
  func usesColor(_ choice: ColorChoice, on descriptor: Int32) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      if environment["NO_COLOR"]?.isEmpty == false { return false }
      if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
      return isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    }
  }

  /// Whether a person reads what is written to this descriptor.
  func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether the terminal opens links (OSC 8) that stand in a text; those that do say so by their names.
  func opensLinks(_ choice: ColorChoice, on descriptor: Int32) -> Bool {
    switch environment["FORCE_HYPERLINK"] {
    case nil, "": break
    case "0": return false
    default: return true
    }
    guard choice != .never, isatty(descriptor) == 1, environment["TERM"] != "dumb" else {
      return false
    }
    let programs = [
      "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal",
    ]
    if let program = environment["TERM_PROGRAM"], programs.contains(program) { return true }
    let terminals = ["kitty", "alacritty", "foot", "ghostty", "contour", "wezterm"]
    if let name = environment["TERM"], terminals.contains(where: { name.contains($0) }) {
      return true
    }
    // GNOME's terminals since 0.50, Konsole, and the one of Windows.
    if let version = environment["VTE_VERSION"].flatMap({ Int($0) }), version >= 5000 {
      return true
    }
    return environment["KONSOLE_VERSION"] != nil || environment["WT_SESSION"] != nil
  }

  /// The terminal's width in columns; a common one where there is no terminal.
  func width(on descriptor: Int32) -> Int {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    // The structure outlives the call.
    if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return 100
  }

  /// Whether a person looks at the descriptor.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Tells the argument parser of more columns than there are, as it ends the program where its labels do not fit.
  func widenForHelp() {
    let least = 60
    guard width(on: StandardStreams.output) < least else { return }
    // Both texts outlive the call, and no other thread runs.
    _ = unsafe setenv("COLUMNS", "\(least)", 1)
  }

  /// How many threads can run at a time.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}
