/// The colours of lines about entries on a terminal.
struct Palette: Sendable {
    /// Whether colours are used at all.
    let isOn: Bool

    /// `auto` means: where the lines go to a terminal that is not a dumb one, unless `NO_COLOR` is set to anything.
    init(_ choice: Presentation.Choice, descriptor: Int32) {
        isOn =
            switch choice {
            case .always: true
            case .never: false
            case .auto: isTerminal(descriptor) && !isSet("NO_COLOR") && !isDumbTerminal
            }
    }

    /// The line in the colour of what is done.
    func painted(_ line: [UInt8], _ deed: LineItem.Deed) -> [UInt8] {
        guard isOn else { return line }
        return Array("\u{1B}[\(code(deed))m".utf8) + line + Array("\u{1B}[0m".utf8)
    }

    private func code(_ deed: LineItem.Deed) -> Int {
        switch deed {
        case .create: 32  // green
        case .update: 33  // yellow
        case .setAttributes: 36  // cyan
        case .link: 35  // magenta
        case .delete: 31  // red
        case .keep: 2  // faint
        }
    }
}

private func isSet(_ name: String) -> Bool { environment(name).map { !$0.isEmpty } ?? false }

/// Of a dumb terminal, or one that is not named, nothing is known.
private var isDumbTerminal: Bool { environment("TERM").map { $0 == Array("dumb".utf8) } ?? true }
