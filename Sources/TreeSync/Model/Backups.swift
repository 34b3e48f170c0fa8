public import SystemPackage

/// Where entries of the destination go that are replaced or deleted, under which names (`Options.backups`).
///
/// Directories have no backups: what they hold has.
public struct Backups: Sendable, Hashable {
    /// The directory that takes them, each at the path that it had; relative to the destination. `nil` leaves each in
    /// the directory that it was in (`--backup-dir`).
    public var directory: FilePath?
    /// What is appended to the name; not empty without a directory (`--suffix`).
    public var suffix: [UInt8]

    /// Backups beside what replaces them, or in a directory of their own.
    ///
    /// - Parameters:
    ///   - directory: takes the backups; `nil` for none.
    ///   - suffix: what is appended to the name; `nil` for `~`, or for nothing where there is a directory.
    public init(directory: FilePath? = nil, suffix: [UInt8]? = nil) {
        self.directory = directory
        self.suffix = suffix ?? (directory == nil ? [UInt8(ascii: "~")] : [])
    }
}
