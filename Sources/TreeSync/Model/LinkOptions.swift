public import SystemPackage

extension Options {
    /// Which symbolic links count as what they lead to, which take part, and whose are trusted.
    public struct Links: Sendable, Hashable {
        /// Links of the source that count as what they lead to.
        public struct Followed: OptionSet, Sendable, Hashable {
            /// The set as bits, one for each kind of link.
            public let rawValue: UInt8
            /// Makes a set from its bits.
            public init(rawValue: UInt8) { self.rawValue = rawValue }

            /// Every link (`--copy-links`).
            public static let all = Followed(rawValue: 1)
            /// Links to directories (`--copy-dirlinks`).
            public static let directories = Followed(rawValue: 2)
            /// Links that lead out of the tree, as far as their text tells (`--copy-unsafe-links`).
            public static let unsafe = Followed(rawValue: 4)
        }

        /// Links of the source that count as what they lead to; the others are recreated where links are preserved.
        public var followed: Followed = []
        /// Links that lead out of the tree, as far as their text tells, take no part (`--safe-links`).
        public var leavesOutUnsafe = false
        /// Links of the source that were made unusable get back where they led (`--munge-links`).
        public var restoresMunged = false
        /// Links are made unusable in the destination, so that nothing follows them (rsync's `-M--munge-links`).
        public var munges = false
        /// Where the source has a directory, a link of the destination to a directory below its root counts as that
        /// directory (`--keep-dirlinks`).
        public var keepsDirectoryLinks = false
        /// Links on the way to the destination and to files that options name count whoever owns them, and kept links
        /// to directories may lead anywhere (`--insecure-links`). Without it they have to be root's or our own.
        public var trustsEverybody = false
        /// The directory that what followed links of the source lead to, and files that options name, must lie in
        /// (`--confine-root`); `nil` confines nothing.
        public var confinement: FilePath?

        /// Every link is recreated, and only links of root and our own are trusted.
        public init() {}
    }
}
