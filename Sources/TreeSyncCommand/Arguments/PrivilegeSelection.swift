import TreeSync

/// What a run takes itself to be allowed, and where it stores what it is not (`--super`, `--fake-super`).
struct PrivilegeSelection: Sendable, Equatable {
    private var privileges = Options.Privileges.ofProcess
    private var isFake = false
    /// What was said of the destination's side alone (`-M`), which counts more wherever it stands.
    private var isDestinationFake: Bool?
    private var destinationPrivileges: Options.Privileges?
    /// How often `-X` was given since it was taken back.
    private var depth = 0

    /// `--super`, or without `isOn` `--no-super`: either ends `--fake-super`.
    mutating func assume(_ isOn: Bool) {
        privileges = isOn ? .assumed : .none
        isFake = false
    }

    /// `--fake-super` ends `--super`.
    mutating func fake() {
        privileges = .ofProcess
        isFake = true
    }

    /// `-M--super`, `-M--no-super`.
    mutating func assumeInDestination(_ isOn: Bool) {
        destinationPrivileges = isOn ? Options.Privileges.assumed : Options.Privileges.none
        isDestinationFake = false
    }

    /// `-M--fake-super`.
    mutating func fakeDestination() {
        destinationPrivileges = nil
        isDestinationFake = true
    }

    /// `-X` or, where it is taken back, `--no-X`.
    mutating func deepen(_ isOn: Bool) { depth = isOn ? depth + 1 : 0 }

    /// - Throws: `UsageError` where attributes shall be copied as they are and stand for others.
    func resolve(into options: inout Options) throws(UsageError) {
        options.privileges = destinationPrivileges ?? privileges
        if isFake { options.fakeSuper.insert(.source) }
        if isDestinationFake ?? isFake { options.fakeSuper.insert(.destination) }
        options.copiesStoredAttributes = depth > 1
        if depth > 1, !options.fakeSuper.isEmpty { throw .contradiction("--fake-super", "-XX") }
    }
}
