/// Options for devices as files, and for who is not root.
extension OptionTable {
    static let privileges: [OptionSpecification] = [
        OptionSpecification(
            .copyDevices, ["copy-devices"], in: .arrival,
            help: "copy what devices hold, as files",
            manual: """
                Takes devices of the source for files that hold what the devices hold: treesync --copy-devices \
                /dev/sda1 /backup/ makes an image. A character device becomes an empty file. Whether such a file has \
                changed is told by its contents, which are compared byte by byte; it has the time at which it was \
                copied. What somebody writes to the device meanwhile may be in the copy or not: unmount it, or copy a \
                snapshot.
                """),
        OptionSpecification(
            .writeDevices, ["write-devices"], negatable: true, in: .arrival,
            help: "write files into devices (implies --inplace)",
            manual: """
                Writes a file of the source into the block device that has its name in the destination: treesync \
                --write-devices image /dev/sdb1. The destination may be a link to the device. Blocks that are equal are \
                not written, what the device holds behind the end of the file stays. A device that is mounted or \
                otherwise in use, or is too small, is a problem and is not written to; nor is a character device. \
                Together with --copy-devices one device is written into another.
                """),
        OptionSpecification(
            .fakeSuper, ["fake-super"], in: .preservation,
            help: "store what only root may set in attributes",
            manual: """
                Takes both trees for such that hold in extended attributes what only root may set: owners, set-id and \
                sticky bits, permissions that would shut the owner out, and, with -A and -X, ACLs and attributes of other \
                namespaces than user. Links, devices, FIFOs and sockets are files there. The attributes are those of \
                rsync: either program reads what the other has written. -M--fake-super means the destination alone: \
                treesync -aHAX -M--fake-super / /backup/host/ keeps a whole system as anybody who may read it; \
                --fake-super -M--super means the source alone, and brings it back: treesync -aHAX --fake-super -M--super \
                /backup/host/ /mnt/. What the attributes say is believed: who may write to such a source decides about owners, \
                set-id programs and devices of the copy. --super and --no-super end it.
                """),
    ]
}
