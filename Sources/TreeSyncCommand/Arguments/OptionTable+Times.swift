extension OptionTable {
    /// Which times are kept, and which are left alone.
    static let times: [OptionSpecification] = [
        OptionSpecification(
            .omitDirectoryTimes, ["omit-dir-times"], "O", negatable: true, in: .preservation,
            help: "leave the times of directories alone",
            manual: "Leaves the modification times of directories alone where -t keeps those of other entries."),
        OptionSpecification(
            .omitLinkTimes, ["omit-link-times"], "J", negatable: true, in: .preservation,
            help: "leave the times of symbolic links alone",
            manual: "Leaves the modification times of symbolic links alone where -t keeps those of other entries."),
        OptionSpecification(
            .accessTimes, ["atimes"], "U", negatable: true, in: .preservation,
            help: "access times",
            manual: """
                Keeps the times at which files were last read, as they were when the source was compared; not those \
                of directories and symbolic links, which looking at them changes. Reading a file to copy it may set \
                its own: --open-noatime, or -UU, keeps it from that.
                """),
        OptionSpecification(
            .openNoAccessTime, ["open-noatime"], negatable: true, in: .preservation,
            help: "reading leaves access times alone",
            manual: """
                Reads the source's files without setting their access times. The kernel lets only root and the owner \
                of a file ask for that; anybody else reads it as usual.
                """),
        OptionSpecification(
            .creationTimes, ["crtimes"], "N", negatable: true, in: .preservation,
            help: "is refused: Linux cannot set creation times",
            manual: "Is refused, as by rsync on Linux: the kernel has no call that sets a creation time."),
    ]
}
