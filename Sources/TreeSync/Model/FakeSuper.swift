extension Options {
    /// On which sides owners, permissions that only root could set, devices, links, ACLs and privileged attributes are kept
    /// in extended attributes of files and directories, so that nobody has to be root (`--fake-super`).
    public struct FakeSuper: OptionSet, Sendable, Hashable {
        /// The sides as bits.
        public let rawValue: UInt8
        /// Makes a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// What the source's attributes say is taken for what its entries are. Whoever may write to the source decides
        /// that: run as root, the copy gets any owner, set-id programs and devices.
        public static let source = FakeSuper(rawValue: 1 << 0)
        /// What only root could set in the destination is stored there (`-M--fake-super`).
        public static let destination = FakeSuper(rawValue: 1 << 1)
    }
}
