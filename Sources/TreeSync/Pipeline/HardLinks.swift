internal import SystemPackage

/// One name of an inode that has several, with what the rules say of it by itself.
final class LinkCandidate: Sendable {
    let item: DetachedItem
    /// Kept, because a visit that is finished knows its path no more.
    let path: RelativePath
    let verb: ItemVerb?
    /// What is told to differ where the name becomes a link. Not the attributes: those of an inode with several names
    /// may change while the tree is walked, by way of another name.
    let differencesOfLink: Differences
    /// The inode of a basis directory that it is equal to.
    let basis: FileIdentity?
    /// A full directory stands in its place.
    let waitsForGuards: Bool

    init(
        _ item: DetachedItem, _ verb: ItemVerb?, waitsForGuards: Bool, basis: FileIdentity? = nil,
        differencesOfLink: Differences? = nil
    ) {
        // Told to differ from an entry of a basis directory: nothing of that name is in the destination.
        let own = item.differences.isDisjoint(with: [.absent, .kind]) ? .absent : item.differences
        self.differencesOfLink = differencesOfLink ?? (item.isNew ? own.union(.hardLink) : .hardLink)
        self.basis = basis
        self.item = item
        path = item.path
        self.verb = verb
        self.waitsForGuards = waitsForGuards
    }

    /// Whether the rules leave the name alone though it is not equal, or is nowhere: it is newer, too large, …
    func isLeft(_ rules: Rules) -> Bool {
        verb == nil && rules.reasonToKeep(item.source, item.existing, item.differences) != .equal
    }

    /// The same, where the basis directory has the same link.
    var linkedInBasis: LinkCandidate {
        LinkCandidate(item, verb, waitsForGuards: waitsForGuards, basis: basis, differencesOfLink: [])
    }
}

/// The names of each inode of the source that has several: the first in the order of the tree is copied, the others
/// become links to it once it is complete.
///
/// Decisions are made in the order of the tree, so that they do not depend on the threads. A group is forgotten when
/// all names of its inode were met.
final class HardLinkTable: Sendable {
    /// The names of one inode.
    final class Group: Sendable {
        struct State {
            var unmet: Int

            init(unmet: Int) { self.unmet = unmet }

            /// The name that the others become links to.
            var leader: RelativePath?
            /// Inodes of the destination that belong to the group: more than one beyond the link limit.
            var accepted: Set<FileIdentity> = []
            /// Those of them that are equal to the source's in all that is compared.
            var complete: Set<FileIdentity> = []
            /// What may go away from the source when its inode in the destination is complete.
            var unneeded: [DetachedItem] = []
            /// Whether the leader stands complete in the destination.
            var isSettled = false
            /// Whether the leader's inode has as many names as it may have.
            var isFull = false
            private var waiting: [LinkCandidate] = []
            private var nextWaiting = 0
            /// The inode of a basis directory that the leader is a link to, or a copy of.
            var basis: FileIdentity?
            var isWorking = false
            /// The leader failed when nobody waited: the next to come leads.
            var isOrphaned = false

            mutating func wait(_ candidate: LinkCandidate) { waiting.append(candidate) }

            /// An inode is complete.
            ///
            /// - Returns: what may go away for that.
            mutating func takeUnneeded(_ identity: FileIdentity) -> [DetachedItem] {
                complete.insert(identity)
                let all = unneeded
                unneeded = all.filter { $0.existing?.identity != identity }
                return all.filter { $0.existing?.identity == identity }
            }

            mutating func takeWaiting() -> LinkCandidate? {
                guard nextWaiting < waiting.count else { return nil }
                nextWaiting += 1
                defer {
                    if nextWaiting == waiting.count { (waiting, nextWaiting) = ([], 0) }
                }
                return waiting[nextWaiting - 1]
            }
        }

        let state: Lock<State>

        init(names: Int) { state = Lock(State(unmet: names)) }
    }

    private let groups = Lock<[FileIdentity: Group]>([:])
    /// Where links are followed, an inode is met more often than it has names: groups are never forgotten.
    private let followsLinks: Bool

    init(followsLinks: Bool) { self.followsLinks = followsLinks }

    /// For inodes of the destination that have several names: the inode of the source that they stand for. A name
    /// that stands for another one has to be parted from them.
    private let claims = Lock<[FileIdentity: FileIdentity]>([:])
    /// The names that claim them, where a batch has to name them too.
    private let claimants = Lock<[FileIdentity: LinkCandidate]>([:])

    /// What becomes of one name.
    fileprivate enum Decision {
        case nothing
        case lead(ItemVerb, Differences)
        case link(RelativePath)
    }

    /// Called in the order of the tree.
    func decide(_ candidate: LinkCandidate, _ walk: Walk) {
        var candidate = candidate
        let group = group(of: candidate.item.source)
        let isCopy = walk.roots.linkLimit <= 1 && group.state.withLock { $0.leader != nil }
        var isFirst = false
        let decision = group.state.withLock { state in
            isFirst = state.leader == nil
            return isFirst ? first(candidate, &state, walk) : further(candidate, &state, walk)
        }
        var planned = Statistics()
        switch decision {
        case .nothing:
            walk.tellKept(candidate, isFirst: isFirst)
        case .lead(let verb, let differences):
            if isCopy {
                walk.report(Problem(.link, candidate.path, candidate.item.source.kind, cause: .linkLimit))
            }
            planned.record(verb, candidate.item.source, isNew: candidate.item.isNew)
            tell(Action(candidate, verb, differences).replacing(candidate), walk)
        case .link(let leader):
            let isLinkedInBasis = candidate.basis != nil && candidate.basis == group.state.withLock { $0.basis }
            if isLinkedInBasis { candidate = candidate.linkedInBasis }
            planned.record(.link, candidate.item.source, isNew: candidate.item.isNew && !isLinkedInBasis)
            var action = Action(candidate, .link, candidate.differencesOfLink)
            action.verb = .link(to: leader)
            tell(action.replacing(candidate), walk)
        }
        recordClaimant(candidate, decision, walk)
        guard let executor = walk.executor else {
            walk.record(candidate, decision.work(candidate), leader: group.state.withLock { $0.leader })
            if candidate.waitsForGuards { walk.planRefusal(candidate.path, candidate.item.source.kind) }
            return walk.ledger.add(planned)
        }
        walk.listener.progressed {
            $0.plannedFiles += planned.copiedFiles
            $0.plannedBytes.addSaturating(planned.copiedSize)
        }
        LinkWork(group: group, walk: walk, executor: executor).begin(candidate, decision.work(candidate))
    }

    /// A name that is parted from others can be parted elsewhere only where it is known what they stand for.
    private func recordClaimant(_ candidate: LinkCandidate, _ decision: Decision, _ walk: Walk) {
        guard let recorder = walk.recorder, let existing = candidate.item.existing, existing.links > 1 else { return }
        if case .lead(_, .hardLink) = decision, let claimant = claimants.withLock({ $0[existing.identity] }) {
            claimant.item.withTask { recorder.recordClaimant($0, at: claimant.path) }
        }
        if claims.withLock({ $0[existing.identity] }) == candidate.item.source.identity {
            claimants.withLock { $0[existing.identity] = $0[existing.identity] ?? candidate }
        }
    }

    private func tell(_ action: Action, _ walk: Walk) {
        if walk.listener.wants(.planned) { walk.listener.planned(action) }
    }

    private func group(of status: Status) -> Group {
        groups.withLock { groups in
            let group = groups[status.identity] ?? Group(names: Int(status.links))
            let unmet = group.state.withLock { state in
                state.unmet -= 1
                return state.unmet
            }
            groups[status.identity] = unmet > 0 || followsLinks ? group : nil
            return group
        }
    }

    /// Whether the destination's inode stands for another inode of the source already.
    private func isTaken(_ candidate: LinkCandidate) -> Bool {
        guard let existing = candidate.item.existing, existing.links > 1, !candidate.item.isNew else { return false }
        let owner = claims.withLock { $0[existing.identity] }
        return owner != nil && owner != candidate.item.source.identity
    }

    private func claim(_ existing: Status, _ source: Status) {
        if existing.links > 1 { claims.withLock { $0[existing.identity] = source.identity } }
    }

    /// What the rules say, but for a name that has to be parted from others: it is made anew, whatever its attributes
    /// are, which may change at any moment because the others share them.
    private func lead(_ candidate: LinkCandidate, _ walk: Walk) -> Decision {
        if isTaken(candidate), !candidate.isLeft(walk.rules) { return .lead(.update, .hardLink) }
        return candidate.verb.map { .lead($0, candidate.item.differences) } ?? .nothing
    }

    /// The first name that the destination has or shall have leads the group.
    private func first(_ candidate: LinkCandidate, _ state: inout Group.State, _ walk: Walk) -> Decision {
        let existing = candidate.item.existing
        let decision = lead(candidate, walk)
        switch decision {
        case .lead(.update, let differences) where keepsInode(candidate, differences, walk):
            state.leader = candidate.path
            if let existing {
                // Its other names get the new contents as well: what stands for another file has to be parted from it.
                claim(existing, candidate.item.source)
                state.accepted.insert(existing.identity)
            }
        case .lead(.create, _), .lead(.update, _), .lead(.linkBasis, _), .lead(.copyBasis, _):
            state.leader = candidate.path
            state.basis = candidate.basis
        case .lead(.leaveToBasis, _): break
        // What the rules leave alone holds who knows what: no other name may become a link to it.
        case .nothing where candidate.isLeft(walk.rules): break
        case .nothing, .lead, .link:
            guard let existing, !candidate.item.isNew else { break }
            settle(&state, candidate, existing, walk)
            if case .nothing = decision { state.complete.insert(existing.identity) }
        }
        return decision
    }

    private func keepsInode(_ candidate: LinkCandidate, _ differences: Differences, _ walk: Walk) -> Bool {
        candidate.item.basis != BasisDecision.shared
            && candidate.item.existing.map { walk.rules.writesInPlace(candidate.item.source, $0, differences) } ?? false
    }

    private func settle(_ state: inout Group.State, _ candidate: LinkCandidate, _ existing: Status, _ walk: Walk) {
        claim(existing, candidate.item.source)
        state.leader = candidate.path
        state.accepted.insert(existing.identity)
        state.isSettled = true
        state.isFull = Int64(existing.links) >= walk.roots.linkLimit
    }

    private func further(_ candidate: LinkCandidate, _ state: inout Group.State, _ walk: Walk) -> Decision {
        guard let leader = state.leader, !candidate.isLeft(walk.rules) else { return .nothing }
        guard let existing = candidate.item.existing else {
            return walk.roots.linkLimit <= 1 ? .lead(.create, .absent) : .link(leader)
        }
        if state.accepted.contains(existing.identity) { return .nothing }
        if walk.roots.linkLimit <= 1 { return lead(candidate, walk) }
        // What is equal may stay by itself where no more links go.
        if candidate.verb == nil, state.isFull, !isTaken(candidate) {
            settle(&state, candidate, existing, walk)
            state.complete.insert(existing.identity)
            return .nothing
        }
        return .link(leader)
    }
}

extension HardLinkTable {
    /// What is left to do for one name.
    enum Work { case nothing, lead(DetachedItem), link }
}

extension HardLinkTable.Decision {
    fileprivate func work(_ candidate: LinkCandidate) -> HardLinkTable.Work {
        switch self {
        case .nothing: return .nothing
        case .lead(let verb, let differences):
            var item = candidate.item
            item.verb = verb
            item.differences = differences
            return .lead(item)
        case .link: return .link
        }
    }
}

extension Action {
    fileprivate func replacing(_ candidate: LinkCandidate) -> Action {
        let item = candidate.item
        return replacing(item.existing, item.name.dropLast().map { UInt8(bitPattern: $0) }, in: item.visit)
    }

    fileprivate init(_ candidate: LinkCandidate, _ verb: ItemVerb, _ differences: Differences) {
        let item = candidate.item
        self.init(planning: verb, candidate.path, item.source, differences, target: item.target, in: item.layer)
    }
}
