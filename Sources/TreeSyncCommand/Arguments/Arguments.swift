/// The words of the command line as they were typed, in their order.
struct Arguments: Sendable, Equatable {
    /// One option or operand.
    enum Word: Sendable, Equatable {
        case option(OptionUse)
        case operand([UInt8])
    }

    /// One use of an option.
    struct OptionUse: Sendable, Equatable {
        let key: OptionKey
        /// Whether it was given as `--no-…`.
        let isNegated: Bool
        /// The option as it was typed, without its value: `--no-p`, `-a`.
        let spelling: String
        let value: [UInt8]?
    }

    var words: [Word] = []

    /// How often an option was given.
    func uses(of key: OptionKey) -> Int {
        words.count { if case .option(let use) = $0 { use.key == key } else { false } }
    }

    /// Whether the only word is `-h`, which then asks for help, as in rsync.
    var isLoneH: Bool {
        guard words.count == 1, case .option(let use) = words[0] else { return false }
        return use.spelling == "-h"
    }
}
