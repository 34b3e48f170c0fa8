import CLinux

/// A line that is drawn again and again at the same place.
///
/// On a terminal it never takes more than one row, whatever its width becomes meanwhile; elsewhere a carriage return
/// precedes each state, as rsync writes it.
struct StatusLine: Sendable {
    let output: Output
    private let descriptor: Int32
    let isTerminal: Bool
    /// The columns of what stands there; 0 where nothing does.
    private var shown = 0

    var isShown: Bool { shown > 0 }

    init(_ output: Output, descriptor: Int32) {
        self.output = output
        self.descriptor = descriptor
        isTerminal = ts_isatty(descriptor) == 1
    }

    /// How many columns there are to write in. The last one stays free: some terminals go to the next row behind it.
    var columns: Int {
        let columns = isTerminal ? Int(ts_terminal_columns(descriptor)) : 0
        return columns > 1 ? columns - 1 : 79
    }

    /// Takes the place of what stood there.
    mutating func draw(_ text: String) {
        let line = isTerminal ? TextWidth.start(of: text, columns: columns) : text
        output.write((isTerminal ? removal : "\r") + line)
        output.flush()
        shown = max(1, TextWidth.of(line))
    }

    /// What stood there goes, or stays where it cannot be taken back.
    mutating func clear() {
        guard isShown else { return }
        output.write(isTerminal ? removal : "\n")
        shown = 0
    }

    /// What stood there stays, and the next line begins below it.
    mutating func keep() {
        guard isShown else { return }
        output.write("\n")
        shown = 0
    }

    /// The terminal may have become narrower since: then the line takes several rows.
    private var removal: String {
        let rows = (shown + columns) / (columns + 1)
        let up = rows > 1 ? "\u{1B}[\(rows - 1)A" : ""
        return "\r" + up + "\u{1B}[J"
    }
}
