import CLinux
package import SystemPackage

/// Paths that somebody typed: the destination, and files that options name. What they go through must be trusted, and
/// where the latter come out may be confined.
///
/// - Throws, in all of its functions: `tooManySymbolicLinkLevels` where a link is not trusted, `improperLink` where a path
///   comes out elsewhere.
struct TypedPaths: Sendable {
    private let walk: PathWalk
    private let confinement: Confinement?

    /// - Parameters:
    ///   - user: who runs this.
    ///   - confinement: `nil` where paths may come out anywhere.
    init(_ links: Options.Links, user: UInt32, in confinement: Confinement? = nil) {
        walk = PathWalk(trust: links.trustsEverybody ? .everybody : .rootAnd(user))
        self.confinement = confinement
    }

    /// The directory of `--confine-root`, which may itself be or go through a link.
    static func confinement(_ links: Options.Links) throws(SynchronizationError) -> Confinement? {
        // Everything lies below `/`.
        guard let path = links.confinement, path != "/" else { return nil }
        do throws(Errno) {
            let root = Descriptor(owning: try openRoot(terminated(path.bytes)))
            return Confinement(root: try Status.of(root.raw).identity)
        } catch {
            throw .confinement(path, error)
        }
    }

    /// - Parameter start: where a relative path begins.
    func resolve(_ path: [UInt8], from start: At = .workingDirectory) throws(Errno) -> PathWalk.Place {
        let place = try walk.resolve(path, from: start)
        if let confinement, try !confinement.holds(place) { throw .improperLink }
        return place
    }

    /// Opens a root of the destination, or a directory that an option names.
    func openDirectory(_ path: [UInt8], from start: At = .workingDirectory) throws(Errno) -> Int32 {
        try resolve(path, from: start).open(ts_O_RDONLY | ts_O_DIRECTORY).release()
    }

    func makeDirectory(
        _ path: [UInt8], from start: At = .workingDirectory, permissions: UInt16
    ) throws(Errno) {
        let place = try resolve(path, from: start)
        if place.status != nil { throw .fileExists }
        try place.at.makeDirectory(place.name, permissions: permissions)
    }
}

extension Options.Links {
    /// Opens a file that an option names, as the options trust links and confine paths.
    ///
    /// - Parameters:
    ///   - path: as it was typed.
    ///   - flags: of `open`, whose function this is.
    ///   - permissions: of a file that is created.
    /// - Returns: a descriptor that the caller closes.
    /// - Throws: also `tooManySymbolicLinkLevels` where a link is not trusted, and `improperLink` where the path comes out
    ///   elsewhere.
    package func openTyped(_ path: [UInt8], _ flags: Int32, permissions: UInt32 = 0) throws(Errno) -> Int32 {
        let confinement: Confinement?
        do throws(SynchronizationError) {
            confinement = try TypedPaths.confinement(self)
        } catch {
            guard case .confinement(_, let errno) = error else { throw .invalidArgument }
            throw errno
        }
        let paths = TypedPaths(self, user: UInt32(ts_effective_user()), in: confinement)
        return try paths.resolve(path).open(flags, permissions: permissions).release()
    }
}
