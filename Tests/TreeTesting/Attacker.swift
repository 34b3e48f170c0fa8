internal import CTreeTesting

/// A process of another user that swaps entries of one directory at full speed.
public final class Attacker {
    /// What it swaps in.
    public struct Means: OptionSet, Sendable, Hashable, Codable {
        /// The bits.
        public let rawValue: Int32
        /// A set of bits.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// Symbolic links to a directory outside.
        public static let linksToDirectories = Means(rawValue: 1)
        /// Symbolic links to a file outside.
        public static let linksToFiles = Means(rawValue: 2)
        /// FIFOs that nobody writes to.
        public static let fifos = Means(rawValue: 4)
        /// Files of its own.
        public static let files = Means(rawValue: 8)
        /// Directories of its own.
        public static let directories = Means(rawValue: 16)
        /// Temporary names of the command are swapped as well.
        public static let temporaries = Means(rawValue: 32)
        /// Nothing is swapped: files are replaced, grow, shrink, vanish and are touched.
        public static let churn = Means(rawValue: 64)
    }

    private let process: Int64
    private var counter: UnsafeMutablePointer<UInt64>?

    /// - Parameters:
    ///   - names: the entries that it swaps.
    ///   - outside: where its links lead; it holds a file `secret`.
    public init(in directory: String, swapping names: [String], with means: Means, outside: String) throws {
        var counter: UnsafeMutablePointer<UInt64>?
        process = try check("attack", Name(directory.utf8)) {
            tt_attack($0, outside, names.joined(separator: " "), means.rawValue, 65534, &counter)
        }
        self.counter = counter
    }

    /// How often it has swapped.
    public var swaps: UInt64 { counter?.pointee ?? 0 }

    /// Ends the process; throws where it had ended by itself.
    public func end() throws { try check("end the attack", "") { _ in tt_end_attack(process) } }
}

/// Gives an entry to the user whom attackers are; not what it holds.
public func giveAway(_ path: String) throws {
    try check("give away", Name(path.utf8)) { tt_set_owner($0, 65534, 65534) }
}
