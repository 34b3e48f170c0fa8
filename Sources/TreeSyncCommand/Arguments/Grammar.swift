import CLinux
import TreeSync

/// The table of options in the form that `getopt_long` takes.
struct Grammar: ~Copyable {
    /// A long name and what it stands for. `getopt` returns its index plus `firstLongValue`, so that each spelling is
    /// known exactly.
    private struct LongName {
        let name: String
        let specification: OptionSpecification
        let isNegated: Bool
    }

    /// Above every letter.
    private static let firstLongValue: Int32 = 256

    /// `getopt`'s string of letters: `-` returns operands in order, `:` tells a missing value from an unknown option.
    let letters: String
    let table: UnsafeMutableRawPointer?
    private let longNames: [LongName]
    private let storage: [UnsafeMutablePointer<CChar>]

    init() {
        var letters = "-:"
        var longNames: [LongName] = []
        for specification in OptionTable.all {
            if let letter = specification.letter {
                letters.append(letter)
                if specification.takesValue { letters.append(":") }
            }
            for name in specification.names + specification.aliases {
                longNames.append(LongName(name: name, specification: specification, isNegated: false))
            }
            for name in specification.negations {
                longNames.append(LongName(name: name, specification: specification, isNegated: true))
            }
        }
        self.letters = letters
        self.longNames = longNames
        storage = longNames.map { copy($0.name) }
        var options: [ts_option] = []
        for (index, long) in longNames.enumerated() {
            let takesValue = long.specification.takesValue && !long.isNegated
            options.append(
                ts_option(
                    name: storage[index], has_argument: takesValue ? 1 : 0, value: Self.firstLongValue + Int32(index)))
        }
        table = ts_getopt_table(options, options.count)
    }

    deinit {
        for name in storage { name.deallocate() }
        table?.deallocate()
    }

    /// What `getopt`'s return value stands for. It takes abbreviations of long names, which rsync does not.
    ///
    /// - Parameter isJoined: whether the argument is a part of the word that was typed.
    func use(
        _ value: Int32, typed: [UInt8], argument: [UInt8]?, isJoined: Bool
    ) throws(UsageError) -> Arguments.OptionUse {
        if value < Self.firstLongValue {
            let letter = Character(UnicodeScalar(UInt8(value)))
            let specification = OptionTable.all.first { $0.letter == letter }!
            // As in rsync: -B=700 is -B 700.
            let hasSign = isJoined && argument?.first == UInt8(ascii: "=")
            return Arguments.OptionUse(
                key: specification.key, isNegated: false, spelling: "-" + String(letter),
                value: hasSign ? argument.map { Array($0.dropFirst()) } : argument)
        }
        let long = longNames[Int(value - Self.firstLongValue)]
        let name = longName(typed)
        guard name == "--" + long.name else { throw .unknownOption(name, suggestion: "--" + long.name) }
        return Arguments.OptionUse(
            key: long.specification.key, isNegated: long.isNegated, spelling: name, value: argument)
    }

    /// Why `getopt` answered `?`: an unknown option, or a value for an option that takes none.
    func rejection(of typed: [UInt8], unknown: Int32) -> UsageError {
        if unknown >= Self.firstLongValue { return .unexpectedValue(longName(typed)) }
        if typed.starts(with: Array("--".utf8)) { return .unknownOption(longName(typed), suggestion: nil) }
        return .unknownOption("-" + printable([UInt8(truncatingIfNeeded: unknown)]), suggestion: nil)
    }

    /// The option whose value is missing, as it was typed.
    func spelling(_ typed: [UInt8], _ value: Int32) -> String {
        value >= Self.firstLongValue ? longName(typed) : "-" + printable([UInt8(truncatingIfNeeded: value)])
    }

    /// A typed long option up to its `=`.
    private func longName(_ typed: [UInt8]) -> String {
        printable(typed.prefix { $0 != UInt8(ascii: "=") })
    }
}

/// A C string that lives until it is deallocated.
private func copy(_ name: String) -> UnsafeMutablePointer<CChar> {
    let characters = name.utf8CString
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
    for (index, character) in characters.enumerated() { pointer[index] = character }
    return pointer
}
