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
        case "--super": assumePrivileges(true)
        case "--no-super": assumePrivileges(false)
        case "--fake-super": fakesDestination()
        case "--write-devices": writesDevices(true)
        case "--no-write-devices": writesDevices(false)
        default: throw .remoteOption(use.value ?? [])
        }
    }
}

extension Arguments.OptionUse {
    /// `USER[:GROUP]`, names or numbers of this machine.
    func credentials() throws(UsageError) -> Credentials {
        let value = value ?? []
        let colon = value.firstIndex(of: UInt8(ascii: ":"))
        let (user, group) = (Array(value[..<(colon ?? value.endIndex)]), colon.map { Array(value[($0 + 1)...]) })
        do throws(Credentials.Failure) {
            return try Credentials(user: user, group: group)
        } catch {
            let expected =
                switch error {
                case .unknownUser: "a user of this machine, or USER:GROUP"
                case .unknownGroup: "a user and a group of this machine"
                }
            throw .badValue(spelling, value: value, expected: expected)
        }
    }
}
