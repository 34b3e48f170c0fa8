import SystemPackage
import TreeSync

extension Options.Links {
    /// Takes one more option about links into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let isOn = !use.isNegated
        switch use.key {
        case .copyLinks: follow(.all, isOn)
        case .copyUnsafeLinks: follow(.unsafe, isOn)
        case .copyDirectoryLinks: follow(.directories, isOn)
        case .safeLinks: leavesOutUnsafe = isOn
        case .mungeLinks: restoresMunged = isOn
        case .keepDirectoryLinks: keepsDirectoryLinks = isOn
        case .insecureLinks: trustsEverybody = isOn
        case .confineRoot:
            let path = use.value ?? []
            guard path.first == UInt8(ascii: "/") else {
                throw .badValue(use.spelling, value: path, expected: "an absolute path")
            }
            confinement = filePath(path)
        default: preconditionFailure("none of these options")
        }
    }

    private mutating func follow(_ links: Followed, _ isOn: Bool) {
        if isOn { followed.insert(links) } else { followed.remove(links) }
    }
}

extension Settings {
    /// An option for the other side, which on one machine is the destination's.
    mutating func applyRemote(_ use: Arguments.OptionUse) throws(UsageError) {
        switch String(decoding: use.value ?? [], as: UTF8.self) {
        case "--munge-links": makesLinksUnusable(true)
        case "--no-munge-links": makesLinksUnusable(false)
        case "--drop-D": dropDevices()
        default: throw .remoteOption(use.value ?? [])
        }
    }
}
