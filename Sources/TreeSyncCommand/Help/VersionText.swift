/// What `--version` prints.
enum VersionText {
    static let version = "0.1.0"

    static let text = """
        treesync \(version)
        Made with Swift \(swift).
        Licensed under the Apache License, Version 2.0; without any warranty.

        Copies: files with their holes, directories, symbolic links, sockets, FIFOs,
        devices, hard links. Keeps: permissions, owners, times in nanoseconds, ACLs,
        extended attributes, capabilities. Copies on this machine only.

        """

    #if swift(>=6.4)
        private static let swift = "6.4 or later"
    #elseif swift(>=6.3)
        private static let swift = "6.3"
    #else
        private static let swift = "6.2"
    #endif
}
