/// What becomes of symbolic links.
extension OptionTable {
    static let links: [OptionSpecification] = [
        OptionSpecification(
            .copyLinks, ["copy-links"], "L", negatable: true, in: .selection,
            help: "copy what symbolic links lead to",
            manual: """
                Copies what symbolic links of the source lead to instead of the links, wherever that lies. A link that \
                leads nowhere is a problem and is left out; one that leads to a directory above itself is not entered. \
                Names of one file by way of links are hard links with -H. Whoever may make links in the source chooses \
                what is read: with a source that is not trusted add --confine-root.
                """),
        OptionSpecification(
            .copyUnsafeLinks, ["copy-unsafe-links"], negatable: true, in: .selection,
            help: "copy what links lead to out of the tree",
            manual: """
                Copies what a link leads to where it leads out of the tree, as far as its text tells: where it is \
                absolute, climbs above the tree with .., or has .. anywhere but at its beginning. The tree begins at a \
                source with a trailing slash, else at the directory that holds the source. Other links are \
                recreated with -l.
                """),
        OptionSpecification(
            .safeLinks, ["safe-links"], negatable: true, in: .selection,
            help: "leave out links that lead out of the tree",
            manual: """
                Leaves out links that lead out of the tree (see --copy-unsafe-links, which goes before it). What the \
                destination has of them stays. -v or --info=symsafe names them.
                """),
        OptionSpecification(
            .mungeLinks, ["munge-links"], negatable: true, in: .selection,
            help: "make unusable links usable again",
            manual: """
                Takes /rsyncd-munged/ from the beginning of what links of the source say, which makes links that were \
                made unusable lead again where they did. -M--munge-links makes links unusable in the destination by \
                putting it there. Both refuse to run where the directory /rsyncd-munged exists.
                """),
        OptionSpecification(
            .copyDirectoryLinks, ["copy-dirlinks"], "k", negatable: true, in: .selection,
            help: "copy the directories that links lead to",
            manual: """
                Copies the directories that symbolic links of the source lead to instead of the links. Other links are \
                recreated with -l. Also a rule such as - foo/ then takes such a link for a directory.
                """),
        OptionSpecification(
            .keepDirectoryLinks, ["keep-dirlinks"], "K", negatable: true, in: .selection,
            help: "links to directories of DEST stand for them",
            manual: """
                Where the source has a directory and the destination a symbolic link to one, the link stays and the \
                directory that it leads to is made equal; without it a directory takes the link's place. The link must \
                not lead out of the destination, unless --insecure-links is given. What such links lead to is never \
                deleted. Use it only where nobody else may make links in the destination: who can, chooses what is \
                written to.
                """),
        OptionSpecification(
            .insecureLinks, ["insecure-links"], negatable: true, in: .selection,
            help: "trust links of everybody in paths given",
            manual: """
                The paths of the destination and of files that options name may go through symbolic links of \
                everybody, and links that -K keeps may lead anywhere. Without it a link there that belongs neither to \
                who runs treesync nor to root is refused, so that nobody can turn a run of root aside. Paths of sources go \
                through any link.
                """),
        OptionSpecification(
            .confineRoot, ["confine-root"], argument: .value(placeholder: "DIR"), in: .selection,
            help: "refuse paths and links that leave DIR",
            manual: """
                Refuses files that options name that lie outside of DIR, whatever links their paths go through, and \
                leaves out links of the source that are followed (-L, -k, --copy-unsafe-links) and lead out of DIR. The \
                sources and the destination themselves may lie anywhere. DIR must be absolute. \
                -aL --confine-root=/srv/www /srv/www/ /backup/ copies a site whose links others may make.
                """),
        OptionSpecification(
            .dropDevices, ["drop-D"], negatable: true, in: .selection,
            help: "create no devices, sockets or FIFOs",
            manual: "Creates no devices, sockets and FIFOs, whatever else is said."),
        OptionSpecification(
            .superUser, ["super"], negatable: true, in: .preservation,
            help: "try what only root may",
            manual: """
                Tries what only root may, also as somebody else: owners, all groups, devices, extended attributes of every \
                namespace. What is refused is a problem. --no-super is for root: as for anybody else, owners and other \
                groups than those of the process are left alone, devices are left out, and of extended attributes only \
                those in user. are kept.
                """),
        OptionSpecification(
            .copyAs, ["copy-as"], argument: .value(placeholder: "USER[:GROUP]"), in: .operation,
            help: "read and write both trees as USER (root only)",
            manual: """
                Reads and writes both trees as USER, with GROUP as the only group or, without one, with all groups of the \
                user; names or numbers. Who starts a copy as root from or to a directory that others may change keeps them from \
                turning root's rights to their use: --copy-as=joe /home/joe/ /backup/joe/ can reach nothing that joe \
                cannot. Files of rules and the log file are opened before that.
                """),
        OptionSpecification(
            .remoteOption, ["remote-option"], "M", argument: .value(placeholder: "OPT"), in: .selection,
            help: "give an option to the destination's side",
            manual: """
                On one machine there is no other side; the options that mean something to the destination alone are \
                taken: -M--munge-links, -M--drop-D, -M--super, -M--no-super, -M--fake-super and \
                -M--write-devices.
                """),
    ]
}
