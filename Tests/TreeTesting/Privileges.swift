internal import CTreeTesting

/// Whether the process is root, so that it may make devices, give files away and mount.
public var isRoot: Bool { tt_effective_user() == 0 }

/// Makes the process an unprivileged one for good: user and group 65534, no capabilities.
///
/// For tests that end the process (`#expect(processExitsWith:)`); without effect when it is unprivileged already.
public func becomeUnprivileged() throws {
    try check("become", "nobody") { _ in tt_become(65534) }
}
