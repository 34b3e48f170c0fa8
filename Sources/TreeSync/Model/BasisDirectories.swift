public import SystemPackage

/// Other trees beside the destination in which entries are looked for that are like the source's
/// (`Options.basis`).
public struct BasisDirectories: Sendable, Hashable {
    /// What is done with an entry that is equal to the source's.
    public enum Use: Sendable, Hashable {
        /// The destination needs no entry of its own (`--compare-dest`).
        case compare
        /// The destination gets a copy of it (`--copy-dest`).
        case copy
        /// The destination gets a hard link to it (`--link-dest`).
        case link
    }

    /// What is done with what is equal.
    public var use: Use
    /// Where it is looked for, the first equal entry counts; relative to the destination. No more than
    /// `BasisDirectories.most`.
    public var directories: [FilePath]

    /// How many directories there may be, as in rsync.
    public static let most = 20

    /// Trees to look in.
    ///
    /// - Parameters:
    ///   - directories: in the order in which they are searched.
    ///   - use: what is done with what is equal.
    public init(_ directories: [FilePath], use: Use) {
        self.directories = directories
        self.use = use
    }
}
