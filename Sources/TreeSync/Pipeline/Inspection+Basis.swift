internal import SystemPackage

/// An entry of a basis directory that stands for one of the source.
struct BasisMatch {
    /// The place among the basis directories.
    let index: Int
    let status: Status
    let differences: Differences
    let likeness: Likeness

    /// How much of the entry need not be made anew; the more the greater.
    enum Likeness: Comparable { case sameKind, sameContents, equal }
}

/// What becomes of an entry, with the basis directory that it is taken from.
struct BasisDecision {
    var verb: ItemVerb?
    var differences: Differences
    /// The place among the basis directories, from 1; 0 for none.
    var basis: UInt8 = 0
    /// The inode there.
    var identity: FileIdentity?

    /// In place of a basis directory: one shares its inode with the destination's entry, which nothing is written to.
    static let shared = UInt8.max
}

extension Inspection {
    /// What the basis directories change in what is to be done with an entry.
    ///
    /// - Parameters:
    ///   - verb: what the rules say of the source's and the destination's entry.
    ///   - at: the destination's directory.
    func decide(
        _ left: Int, _ status: Status, _ existing: Status?, _ verb: ItemVerb?, _ differences: Differences, _ from: At
    ) throws(ComparisonFailure) -> BasisDecision {
        let plain = BasisDecision(verb: verb, differences: differences)
        guard let use = walk.options.basis?.use, walk.plansChanges, existing?.isDevice != true else { return plain }
        let isThere = existing?.kind == status.kind
        if isThere, status.kind == .directory { return plain }
        // As in rsync, only a file is taken from a basis directory where something else has its name.
        if existing != nil, !isThere, status.kind != .regular, status.kind != .directory { return plain }
        if verb == nil, walk.rules.reasonToKeep(status, existing, differences) != .equal { return plain }
        // What is there is compared with other trees only where something equal may take its place.
        let mayReplace = isThere && status.kind == .regular && use != .copy
        if !isThere || mayReplace, let match = try basisMatch(left, status, from) {
            return isThere
                ? replacing(left, existing, match, plain, use) : decision(match, status, existing, plain, use)
        }
        return parted(left, existing, plain, use)
    }

    /// The destination has a file of the name.
    private func replacing(
        _ left: Int, _ existing: Status?, _ match: BasisMatch, _ plain: BasisDecision, _ use: BasisDirectories.Use
    ) -> BasisDecision {
        guard match.likeness == .equal, match.status.identity != existing?.identity else {
            return parted(left, existing, plain, use)
        }
        let basis = UInt8(match.index + 1)
        if use == .compare { return BasisDecision(verb: .leaveToBasis, differences: [], basis: basis) }
        guard isLinkable(match) else { return plain }
        return BasisDecision(verb: .linkBasis, differences: [], basis: basis, identity: match.status.identity)
    }

    /// What is set in place would be set on the basis directory's entry, where both are one inode: the destination's
    /// is made anew.
    private func parted(
        _ left: Int, _ existing: Status?, _ plain: BasisDecision, _ use: BasisDirectories.Use
    ) -> BasisDecision {
        guard let verb = plain.verb, verb == .setAttributes || verb == .update, use == .link, let existing,
            existing.links > 1
        else { return plain }
        let isShared = visit.areBasesUnknown || visit.bases.contains { mayShare($0, source.name(left), existing) }
        return isShared
            ? BasisDecision(verb: .update, differences: plain.differences, basis: BasisDecision.shared) : plain
    }

    /// What cannot be looked at there may be.
    private func mayShare(_ basis: DirectoryHandle?, _ name: CName, _ existing: Status) -> Bool {
        guard let basis else { return false }
        do throws(Errno) {
            return try basis.use { (at) throws(Errno) in try at.status(name) }.identity == existing.identity
        } catch {
            return error != .noSuchFileOrDirectory
        }
    }

    /// The destination has no such entry.
    private func decision(
        _ match: BasisMatch, _ status: Status, _ existing: Status?, _ plain: BasisDecision,
        _ use: BasisDirectories.Use
    ) -> BasisDecision {
        let basis = UInt8(match.index + 1)
        let differences = match.differences.whenCopied(status.kind, walk.rules, use)
        if status.kind == .directory {
            return BasisDecision(verb: .copyBasis, differences: differences, basis: basis)
        }
        let identity = match.status.identity
        switch match.likeness {
        case .equal:
            switch use {
            case .compare:
                if existing?.kind == .directory { return plain }
                let verb: ItemVerb? = existing == nil ? nil : .leaveToBasis
                return BasisDecision(verb: verb, differences: [], basis: basis)
            case .link where isLinkable(match):
                return BasisDecision(verb: .linkBasis, differences: [], basis: basis, identity: identity)
            case .link, .copy:
                return BasisDecision(verb: .copyBasis, differences: differences, basis: basis, identity: identity)
            }
        case .sameContents where status.kind == .regular:
            return BasisDecision(verb: .copyBasis, differences: differences, basis: basis)
        case .sameKind, .sameContents:
            // Made anew from the source; told with what differs from the basis, as in rsync.
            let isNode = status.kind != .regular
            return BasisDecision(
                verb: .update, differences: isNode ? match.differences.union(.content) : match.differences)
        }
    }

    private func isLinkable(_ match: BasisMatch) -> Bool {
        match.status.device == walk.roots.device
    }

    /// The entry of the basis directories that is most like the source's, of several the first.
    private func basisMatch(_ left: Int, _ status: Status, _ from: At) throws(ComparisonFailure) -> BasisMatch? {
        var best: BasisMatch?
        for (index, handle) in visit.bases.enumerated() {
            guard let handle, let raw = try? handle.borrow() else { continue }
            defer { handle.giveBack() }
            let at = At(raw: raw)
            let name = source.name(left)
            guard let plain = try? at.status(name) else { continue }
            let found = walk.countedInDestination(plain, name, in: at)
            guard found.kind == status.kind else { continue }
            let differences: Differences
            do throws(ComparisonFailure) {
                differences = try compare(left, name, status, found, from, at)
            } catch {
                if error.side == .source { throw error }
                // What cannot be read there has nothing to offer.
                continue
            }
            let likeness = likeness(status, differences)
            let match = BasisMatch(index: index, status: found, differences: differences, likeness: likeness)
            if likeness == .equal { return match }
            if best == nil || likeness > best?.likeness ?? .sameKind { best = match }
        }
        return best
    }

    private func likeness(_ status: Status, _ differences: Differences) -> BasisMatch.Likeness {
        if status.kind == .directory { return differences.isEmpty ? .equal : .sameContents }
        if walk.rules.differencesNeedCopy(differences, status.kind) { return .sameKind }
        return differences.isEmpty ? .equal : .sameContents
    }
}

extension Differences {
    /// Where times are not preserved a copy has its own, of which rsync tells as it does of a changed one.
    fileprivate func whenCopied(_ kind: EntryKind, _ rules: Rules, _ use: BasisDirectories.Use) -> Differences {
        if rules.options.preserved.contains(.times) { return self }
        let isTold = kind == .regular ? use == .copy || !isEmpty : kind == .directory && !isEmpty
        return isTold ? union(.timeOfCopy) : self
    }
}

extension Walk {
    /// Opens the directories of the basis trees that stand for the visited one. What is missing there, or is no
    /// directory, has nothing to offer; no link is followed.
    func enterBases(_ visit: Visit) {
        guard options.basis != nil else { return }
        guard let parent = visit.parent else {
            return (visit.bases, visit.areBasesUnknown) = (roots.bases, roots.areBasesUnknown)
        }
        visit.areBasesUnknown = parent.areBasesUnknown
        visit.bases = parent.bases.enumerated().map { index, basis in
            do throws(Errno) { return try basis?.openChild(visit.name) } catch {
                switch error {
                case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: break
                default:
                    visit.areBasesUnknown = true
                    reportBasis(index, visit, error)
                }
                return nil
            }
        }
    }

    private func reportBasis(_ index: Int, _ visit: Visit, _ errno: Errno) {
        guard plansChanges, let basis = options.basis?.directories[index] else { return }
        let path = RelativePath(bytes: joined(withoutTrailingSlashes(basis.bytes), visit.path))
        report(Problem(.openDirectory, path, .directory, errno: errno))
    }
}
