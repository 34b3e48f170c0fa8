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
        /// What begins with a digit is neither a number nor a range of numbers.
        case noNumber([UInt8])
        /// Nobody has the name that others are to become, or that number.
        case unknownName([UInt8], Database)
    }

    private enum Matcher: Sendable, Hashable {
        case everybody
        case numbers(ClosedRange<UInt32>)
        case name(NamePattern)
        case nameless
        /// A range that ends before it begins, as rsync takes it.
        case nobody
    }

    private struct Pair: Sendable, Hashable {
        var matcher: Matcher
        var number: UInt32
    }

    private let database: Database
    private var pairs: [Pair] = []
    /// Whether names of the source count; not with `--numeric-ids`.
    public var usesNames = true
    /// Whether users or groups that are named in ACLs are mapped, too. Not where every owner becomes one: entries that
    /// give different rights would become one entry.
    let concernsAccessLists: Bool

    /// Parses a map and looks its names up.
    public init(_ text: [UInt8], of database: Database) throws(Failure) {
        self.database = database
        concernsAccessLists = true
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { throw .noPair(Array(part)) }
            let number = try Self.target(Array(part[(colon + 1)...]), database)
            pairs.append(Pair(matcher: try Self.matcher(Array(part[..<colon])), number: number))
        }
    }

    /// Every owner becomes one user or group, by name or number (rsync's `--chown`). ACLs keep whom they name.
    public init(everybody name: [UInt8], of database: Database) throws(Failure) {
        self.database = database
        concernsAccessLists = false
        pairs = [Pair(matcher: .everybody, number: try Self.target(name, database))]
    }

    private static func target(_ text: [UInt8], _ database: Database) throws(Failure) -> UInt32 {
        // The kernel takes the highest number for "leave it as it is".
        if let number = number(text), number != .max { return number }
        guard let number = Accounts.number(of: text, in: database) else { throw .unknownName(text, database) }
        return number
    }

    private static func matcher(_ text: [UInt8]) throws(Failure) -> Matcher {
        if text.isEmpty { return .nameless }
        if text == [UInt8(ascii: "*")] { return .everybody }
        if let number = number(text) { return .numbers(number...number) }
        let ends = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { number(Array($0)) }
        if ends.count == 2, let low = ends[0], let high = ends[1] {
            return low <= high ? .numbers(low...high) : .nobody
        }
        if let first = text.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { throw .noNumber(text) }
        return .name(NamePattern(text))
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
        case .name(let pattern): name(of: number, accounts).map(pattern.matches) ?? false
        case .nameless: name(of: number, accounts) == nil
        case .nobody: false
        }
    }

    private func name(of number: UInt32, _ accounts: Accounts) -> [UInt8]? {
        usesNames ? accounts.name(of: number) : nil
    }
}

/// A name of accounts that may hold wildcards, matched as the names of files are by filter rules.
private struct NamePattern: Sendable, Hashable {
    private let text: [UInt8]
    private let pattern: Pattern

    init(_ text: [UInt8]) {
        self.text = text
        pattern = Pattern(text)
    }

    static func == (left: NamePattern, right: NamePattern) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    func matches(_ name: [UInt8]) -> Bool {
        let nowhere = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        return name.withUnsafeBufferPointer { name in
            pattern.matches(
                FilterSubject(path: nowhere, treeStart: 0, name: name, isDirectory: false), start: 0, anchor: 0)
        }
    }
}
