/// Which users or groups of the source become which others in the destination (rsync's `--usermap`, `--groupmap` and
/// `--chown`): pairs `FROM:TO`, separated by commas, of which the first that matches counts.
///
/// `FROM` is a name, a pattern with `*`, `?` or `[…]` for names, a number, a range of numbers `LOW-HIGH`, `*` for
/// everybody, or nothing for numbers without a name. `TO` is a name or a number.
public struct IdentityMap: Sendable, Hashable {
    /// Where names are looked up.
    public enum Database: Sendable, Hashable { case users, groups }

    /// Why a text is no map.
    public enum Failure: Error, Sendable, Hashable {
        /// A pair has no colon.
        case noPair([UInt8])
        /// Nobody has the name that others are to become.
        case unknownName([UInt8], Database)
    }

    private enum Matcher: Sendable, Hashable {
        case everybody
        case numbers(ClosedRange<UInt32>)
        case name([UInt8])
        case nameless
    }

    private struct Pair: Sendable, Hashable {
        var matcher: Matcher
        var number: UInt32
    }

    private let database: Database
    private var pairs: [Pair] = []
    /// Whether names of the source count; not with `--numeric-ids`.
    public var usesNames = true

    /// Parses a map and looks its names up.
    public init(_ text: [UInt8], of database: Database) throws(Failure) {
        self.database = database
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { throw .noPair(Array(part)) }
            let number = try Self.target(Array(part[(colon + 1)...]), database)
            pairs.append(Pair(matcher: Self.matcher(Array(part[..<colon])), number: number))
        }
    }

    /// Everybody becomes one user or group, by name or number.
    public init(everybody name: [UInt8], of database: Database) throws(Failure) {
        self.database = database
        pairs = [Pair(matcher: .everybody, number: try Self.target(name, database))]
    }

    private static func target(_ text: [UInt8], _ database: Database) throws(Failure) -> UInt32 {
        if let number = number(text) { return number }
        guard let number = Accounts.number(of: text, in: database) else { throw .unknownName(text, database) }
        return number
    }

    private static func matcher(_ text: [UInt8]) -> Matcher {
        if text.isEmpty { return .nameless }
        if text == [UInt8(ascii: "*")] { return .everybody }
        if let number = number(text) { return .numbers(number...number) }
        let ends = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { number(Array($0)) }
        if ends.count == 2, let low = ends[0], let high = ends[1], low <= high { return .numbers(low...high) }
        return .name(text)
    }

    private static func number(_ text: [UInt8]) -> UInt32? {
        guard !text.isEmpty, text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return UInt32(String(decoding: text, as: UTF8.self))
    }

    /// The number that an owner or group of the source becomes.
    func mapped(_ number: UInt32, _ accounts: Accounts) -> UInt32 {
        for pair in pairs where matches(pair.matcher, number, accounts) { return pair.number }
        return number
    }

    private func matches(_ matcher: Matcher, _ number: UInt32, _ accounts: Accounts) -> Bool {
        switch matcher {
        case .everybody: true
        case .numbers(let range): range.contains(number)
        case .name(let pattern): name(of: number, accounts).map { matchesPattern($0[...], pattern[...]) } ?? false
        case .nameless: name(of: number, accounts) == nil
        }
    }

    private func name(of number: UInt32, _ accounts: Accounts) -> [UInt8]? {
        usesNames ? accounts.name(of: number) : nil
    }
}

/// Shell patterns for names of accounts: `*`, `?` and classes. Linear in the length of the name for each `*`.
private func matchesPattern(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (name, pattern) = (name, pattern)
    var retry: (name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while true {
        if pattern.first == UInt8(ascii: "*") {
            pattern = pattern.dropFirst()
            retry = (name, pattern)
            continue
        }
        if name.isEmpty, pattern.isEmpty { return true }
        if let byte = name.first, let rest = afterOne(byte, pattern) {
            (name, pattern) = (name.dropFirst(), rest)
            continue
        }
        guard let last = retry, !last.name.isEmpty else { return false }
        retry = (last.name.dropFirst(), last.pattern)
        (name, pattern) = (last.name.dropFirst(), last.pattern)
    }
}

/// What follows the first element of the pattern, where that matches one byte.
private func afterOne(_ byte: UInt8, _ pattern: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    switch pattern.first {
    case nil: return nil
    case UInt8(ascii: "?"): return pattern.dropFirst()
    case UInt8(ascii: "["):
        guard let end = pattern.dropFirst(2).firstIndex(of: UInt8(ascii: "]")) else { break }
        var letters = pattern[(pattern.startIndex + 1)..<end]
        let isNegated = letters.first == UInt8(ascii: "!") || letters.first == UInt8(ascii: "^")
        if isNegated { letters = letters.dropFirst() }
        return holds(letters, byte) != isNegated ? pattern[(end + 1)...] : nil
    default: break
    }
    return pattern.first == byte ? pattern.dropFirst() : nil
}

private func holds(_ letters: ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
    var letters = letters
    while let low = letters.first {
        if letters.count > 2, letters[letters.startIndex + 1] == UInt8(ascii: "-") {
            if (low...max(low, letters[letters.startIndex + 2])).contains(byte) { return true }
            letters = letters.dropFirst(3)
        } else {
            if low == byte { return true }
            letters = letters.dropFirst()
        }
    }
    return false
}
