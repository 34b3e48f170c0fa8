internal import SystemPackage
import Synchronization

/// Carries out what was decided for the names of one group, one name after the other.
struct LinkWork: Sendable {
    let group: HardLinkTable.Group
    let walk: Walk
    let executor: Executor

    func begin(_ candidate: LinkCandidate, _ work: HardLinkTable.Work) {
        switch work {
        case .nothing:
            // Completing may finish directories: not under the order's lock.
            walk.pool.add { worker in
                walk.removeKept(candidate, group)
                candidate.item.visit.complete(worker)
            }
        // Where it may not replace what stands there, the next name leads.
        case .lead(let item): afterGuards(candidate, refused: promote) { lead(candidate, item, $0) }
        case .link: afterGuards(candidate) { enqueue(candidate, $0) }
        }
    }

    private func afterGuards(
        _ candidate: LinkCandidate, refused: @escaping WorkPool.Job = { _ in }, _ job: @escaping WorkPool.Job
    ) {
        guard candidate.waitsForGuards else { return walk.pool.add(job) }
        walk.postponed.putOff { mayReplace, worker in
            if mayReplace { return job(worker) }
            walk.reportRefusal(candidate.path, candidate.item.source.kind)
            refused(worker)
            candidate.item.visit.complete(worker)
        }
    }

    // MARK: The first name

    private func lead(_ candidate: LinkCandidate, _ item: DetachedItem, _ worker: Worker) {
        let outcome = item.withTask { task in
            let outcome = executor.perform(task, worker, mayWait: true)
            guard case .noSpace(let failure) = outcome else { return outcome }
            if walk.postponed.mayRetry { return outcome }
            executor.failed(task, failure)
            return .failed
        }
        switch outcome {
        case .noSpace: walk.postponed.retry { lead(candidate, item, $0) }
        case .waiting(let entry):
            executor.await(entry, of: item, worker) { conclude(candidate, $0, isFaithful: entry.isFaithful, $1) }
        case .done, .failed, .cancelled: conclude(candidate, outcome, isFaithful: worker.isFaithful, worker)
        }
    }

    private func conclude(_ candidate: LinkCandidate, _ outcome: EntryOutcome, isFaithful: Bool, _ worker: Worker) {
        if case .done(let identity) = outcome {
            if isFaithful, let complete = identity ?? candidate.item.existing?.identity {
                walk.removeUnneeded(group, complete)
            }
            settled(candidate, identity, worker)
        } else {
            promote(worker)
        }
        candidate.item.visit.complete(worker)
    }

    private func settled(_ candidate: LinkCandidate, _ identity: FileIdentity?, _ worker: Worker) {
        group.state.withLock { state in
            if let identity { state.accepted.insert(identity) }
            state.leader = candidate.path
            state.isSettled = true
        }
        work(worker)
    }

    /// The first name failed: the next that waits takes its place.
    private func promote(_ worker: Worker) {
        let next = group.state.withLock { state in
            let next = state.takeWaiting()
            state.isOrphaned = next == nil
            return next
        }
        guard let next else { return }
        walk.pool.add { lead(next, next.itemToCopy, $0) }
    }

    // MARK: The others

    private func enqueue(_ candidate: LinkCandidate, _ worker: Worker) {
        let leads = group.state.withLock { state in
            if state.isOrphaned {
                state.isOrphaned = false
                return true
            }
            state.wait(candidate)
            return false
        }
        leads ? lead(candidate, candidate.itemToCopy, worker) : work(worker)
    }

    /// Links all that wait, unless another thread is at it.
    private func work(_ worker: Worker) {
        let begins = group.state.withLock { state in
            guard state.isSettled, !state.isWorking else { return false }
            state.isWorking = true
            return true
        }
        guard begins else { return }
        while let candidate = next() { link(candidate, worker) }
    }

    private func next() -> LinkCandidate? {
        group.state.withLock { state in
            if let candidate = state.takeWaiting() { return candidate }
            state.isWorking = false
            return nil
        }
    }

    private func link(_ candidate: LinkCandidate, _ worker: Worker) {
        guard let (leader, accepted) = group.state.withLock({ state in state.leader.map { ($0, state.accepted) } })
        else { return candidate.item.visit.complete(worker) }
        do throws(EntryFailure) {
            try candidate.itemToLink.withLink(executor, leader, accepted)
        } catch {
            if error.errno == .tooManyLinks { return beginNextInode(candidate, worker) }
            if !error.isCancelled { candidate.itemToLink.withTask { executor.failed($0, error, linkedTo: leader) } }
        }
        candidate.item.visit.complete(worker)
    }

    /// The inode has as many names as the file system allows: a copy takes the further ones.
    private func beginNextInode(_ candidate: LinkCandidate, _ worker: Worker) {
        walk.report(Problem(.link, candidate.path, candidate.item.source.kind, cause: .linkLimit))
        let item = candidate.itemToCopy
        if case .done(let identity) = walk.perform(item, executor, worker) {
            group.state.withLock { state in
                if let identity { state.accepted.insert(identity) }
                state.leader = candidate.path
            }
        }
        item.visit.complete(worker)
    }
}

extension LinkCandidate {
    /// The same, as it was told.
    fileprivate var itemToLink: DetachedItem {
        var copy = item
        copy.differences = differencesOfLink
        return copy
    }

    /// The same, to be copied where it cannot become a link.
    fileprivate var itemToCopy: DetachedItem {
        var copy = item
        copy.verb = .create
        return copy
    }
}

extension DetachedItem {
    fileprivate func withLink(
        _ executor: Executor, _ leader: RelativePath, _ accepted: Set<FileIdentity>
    ) throws(EntryFailure) {
        var failure: EntryFailure?
        withTask { task in
            do throws(EntryFailure) { try executor.link(task, to: leader, accepted) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension Executor {
    /// Makes the entry a further name of the file at `leader`, which must be one of the group's inodes.
    func link(_ task: EntryTask, to leader: RelativePath, _ accepted: Set<FileIdentity>) throws(EntryFailure) {
        if cancellation.isCancelled { throw .cancelled }
        guard let directory = task.visit.destination else { throw EntryFailure(.link, .noSuchFileOrDirectory) }
        let raw = try doing(.openDirectory) { () throws(Errno) in try directory.borrow() }
        defer { directory.giveBack() }
        let at = At(raw: raw)
        let holder = try doing(.link) { () throws(Errno) in try openHolder(of: leader, task) }
        let leaderName = terminated(Array(leader.name))
        let temporary = temporaries.next(replacing: task.existing?.kind)
        task.visit.touch()
        try doing(.link) { () throws(Errno) in
            try at.makeLink(temporary, to: leaderName, in: At(raw: holder.raw))
        }
        do throws(EntryFailure) {
            let made = try doing(.link) { () throws(Errno) in try at.status(temporary) }
            guard accepted.contains(made.identity) else {
                throw EntryFailure(.link, nil, cause: .changedInDestination)
            }
            if made.identity == task.existing?.identity {
                // Renaming one name of an inode to another does nothing and leaves both.
                try doing(.link) { () throws(Errno) in try at.remove(temporary) }
            } else {
                try commit(task, at, Draft(at: at, name: temporary))
            }
        } catch {
            try? at.remove(temporary)
            throw error
        }
        succeeded(task, linkedTo: leader, isFaithful: true)
    }

    /// The directory of the destination that holds the leader.
    private func openHolder(of leader: RelativePath, _ task: EntryTask) throws(Errno) -> Descriptor {
        let root = task.visit.walk.roots
        guard let destination = root.destination else { throw Errno.noSuchFileOrDirectory }
        let names = leader.bytes.split(separator: UInt8(ascii: "/")).dropLast().map { terminated(Array($0)) }
        if let keptLinks = task.visit.walk.keptLinks { return try keptLinks.open(names, below: destination) }
        let base = try destination.borrow()
        defer { destination.giveBack() }
        return Descriptor(owning: try openBeneath(base, names))
    }
}
