internal import SystemPackage

extension Walk {
    /// What became of a new directory.
    enum Making {
        case made
        case failed
        /// For want of space; the visit starts again when deletions have made room.
        case later
    }

    /// Opens the destination's directory where there is one.
    func enterDestination(_ visit: Visit) -> Bool {
        guard visit.existing?.kind == .directory, let above = visit.parent?.destination else { return true }
        do throws(EntryFailure) {
            if visit.coverage == .entriesAlone {
                try openWay(visit, in: above)
            } else if let existing = visit.existing, existing.isReferent, let keptLinks {
                visit.destination = try doing(.openDirectory) { () throws(Errno) in
                    try keptLinks.open(visit.name, in: above, existing.identity)
                }
            } else if let opener {
                try opener.openDirectory(visit, in: above)
            } else {
                visit.destination = try doing(.openDirectory) { () throws(Errno) in try above.openChild(visit.name) }
            }
            return true
        } catch {
            // A run would open a closed directory of its own, and meet what the source refuses.
            if opener == nil, visit.isEntered, !enterSource(visit) { return false }
            report(problem(error, RelativePath(bytes: visit.path), .directory))
            return false
        }
    }

    /// A directory that is only a way stays as it is; it may be a link to one.
    private func openWay(_ visit: Visit, in above: DirectoryHandle) throws(EntryFailure) {
        try doing(.openDirectory) { () throws(Errno) in
            do throws(Errno) { visit.destination = try above.openChild(visit.name) } catch {
                guard error == .notDirectory || error == .tooManySymbolicLinkLevels else { throw error }
                visit.destination = try openInDestination(RelativePath(bytes: visit.path))
            }
            // Race: another directory that was put there since stays out of it.
            guard let existing = visit.existing else { return }
            try visit.destination?.use { (at) throws(Errno) in try Status.expect(existing.identity, of: at.raw) }
        }
    }

    /// Makes the destination's directory where it is new and something is executed; makes an existing one ready.
    func makeDestination(_ visit: Visit, _ found: Findings, _ worker: Worker) -> Making {
        guard let executor else { return .made }
        guard visit.existing?.kind != .directory, let above = visit.parent?.destination else {
            executor.prepare(visit)
            return .made
        }
        do throws(EntryFailure) {
            try executor.makeDirectory(visit, in: above, isStaged: executor.stages(visit, found), worker)
            return .made
        } catch {
            if error.isLackOfSpace, postponed.mayRetry {
                postponed.retry { [self] in self.visit(visit, $0) }
                return .later
            }
            report(problem(error, RelativePath(bytes: visit.path), .directory))
            return .failed
        }
    }

    /// The visited directory itself comes first.
    func announce(_ visit: Visit, _ found: inout Findings) {
        guard plansChanges else { return }
        guard let verb = visit.verb else { return announceKept(visit, &found) }
        guard listener.wants(.planned) else { return }
        let path = RelativePath(bytes: visit.path)
        let action = Action(
            planning: verb, path, visit.source, visit.differences, target: nil, in: visit.layerAbove)
        found.utterances.insert(.action(replacing(action, visit)), at: 0)
    }

    /// With where what the visit's directory takes the place of goes.
    private func replacing(_ action: Action, _ visit: Visit) -> Action {
        guard let parent = visit.parent else { return action }
        return action.replacing(visit.existing, visit.name.dropLast().map { UInt8(bitPattern: $0) }, in: parent)
    }

    /// In a listing what was named and does not exist stands where it would stand if it did.
    func announceMissing(_ visit: Visit, _ found: inout Findings) {
        for name in visit.missing.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let path = RelativePath(bytes: joined(visit.path, name))
            let place = found.utterances.firstIndex {
                if case .action(let action) = $0 { path < action.path } else { false }
            }
            found.utterances.insert(.action(Action(.delete, path, .regular)), at: place ?? found.utterances.count)
        }
    }

    func announceLeftovers(_ visit: Visit, _ found: inout Findings) {
        guard listener.wants(.planned), let inventory = visit.pair?.destination else { return }
        for index in found.leftovers {
            let path = visit.path(of: inventory.name(index), inventory.length(index))
            let kind = inventory.slots[index].kind ?? .regular
            found.utterances.append(.action(Action(.deleteTemporary, path, kind)))
        }
    }

    /// Does what was planned for the entries of one directory; whoever does the last of it completes the visit.
    func execute(_ visit: Visit, _ found: Findings, _ worker: Worker) {
        guard let executor else {
            recordPlanned(visit, found)
            for item in found.putOff { planRefusal(item.path, item.source.kind) }
            if !visit.children.isEmpty { pool.add(visit) }
            visit.releaseInventories()
            return visit.complete(worker)
        }
        removeLeftovers(visit, found, executor)
        executor.discardPartials(visit)
        for item in found.putOff { postpone(item, executor) }
        if removals.extras == .atOnce, let removal = found.removal {
            visit.hold()
            visit.touch()
            Removal(executor: executor, walk: self).remove(removal, worker) { visit.complete($0) }
        }
        visit.isStaged ? fill(visit, found, executor, worker) : carryOut(visit, visit.items, executor, worker)
    }

    /// Makes the small entries of a new directory while it has a temporary name: none of them needs one of its own.
    private func fill(_ visit: Visit, _ found: Findings, _ executor: Executor, _ worker: Worker) {
        var (quick, others): ([Item], [Item]) = ([], [])
        for item in visit.items {
            if Executor.isQuick(visit.source(of: item)) { quick.append(item) } else { others.append(item) }
        }
        let rest = others
        share(visit, quick, executor, worker) { [self] worker in
            do throws(EntryFailure) {
                try executor.publish(visit)
            } catch {
                report(problem(error, RelativePath(bytes: visit.path), .directory))
                return abandonChildren(visit, worker)
            }
            carryOut(visit, rest, executor, worker)
        }
    }

    /// The directory did not come about: nothing below it will.
    private func abandonChildren(_ visit: Visit, _ worker: Worker) {
        for index in visit.children.indices {
            visit.releaseInventories()
            order?.skipped(index, of: visit)
            visit.complete(worker)
        }
        visit.releaseInventories()
        visit.complete(worker)
    }

    /// The directories below may be visited; the entries are carried out, and then the visit is complete.
    private func carryOut(_ visit: Visit, _ items: [Item], _ executor: Executor, _ worker: Worker) {
        if !visit.children.isEmpty { pool.add(visit) }
        share(visit, items, executor, worker) { worker in
            visit.releaseInventories()
            visit.complete(worker)
        }
    }

    /// Carries entries out together with idle threads.
    private func share(
        _ visit: Visit, _ items: [Item], _ executor: Executor, _ worker: Worker,
        _ completion: @escaping @Sendable (Worker) -> Void
    ) {
        if items.isEmpty { return completion(worker) }
        let loop = SharedLoop(count: items.count, step: step(visit, items)) { [self] worker, range in
            for index in range { perform(visit, items[index], executor, worker) }
        } completion: {
            completion($0)
        }
        pool.run(loop, worker)
    }

    /// Small files are taken sixteen at a time, large ones one by one.
    private func step(_ visit: Visit, _ items: [Item]) -> Int {
        let limit = Int64(items.count) * 256 * 1024
        var size: Int64 = 0
        for item in items where item.verb == .create || item.verb == .update {
            let status = visit.source(of: item)
            if status.kind == .regular { size += status.size }
            if size > limit { return 1 }
        }
        return 16
    }

    private func perform(_ visit: Visit, _ item: Item, _ executor: Executor, _ worker: Worker) {
        guard let pair = visit.pair else { return }
        let task = EntryTask(visit, item, pair)
        switch executor.perform(task, worker, mayWait: true) {
        case .done, .failed, .cancelled: break
        case .waiting(let entry):
            visit.hold()
            executor.await(entry, of: DetachedItem(task), worker) { _, worker in visit.complete(worker) }
        case .noSpace(let failure):
            guard postponed.mayRetry else { return executor.failed(task, failure) }
            visit.hold()
            let detached = DetachedItem(task)
            postponed.retry { [self] worker in
                perform(detached, executor, worker)
                visit.complete(worker)
            }
        }
    }

    /// Carries a detached item out, for the last time.
    @discardableResult
    func perform(_ item: DetachedItem, _ executor: Executor, _ worker: Worker) -> EntryOutcome {
        item.withTask { task in
            let outcome = executor.perform(task, worker)
            if case .noSpace(let failure) = outcome {
                executor.failed(task, failure)
                return .failed
            }
            return outcome
        }
    }

    /// Waits for the guards: a full directory stands in the way.
    private func postpone(_ item: DetachedItem, _ executor: Executor) {
        postponed.putOff { [self] mayReplace, worker in
            if let keptLinks, let existing = item.existing, keptLinks.needs(existing.identity) {
                report(Problem(.replace, item.path, item.source.kind, cause: .directoryInTheWay))
            } else if mayReplace {
                perform(item, executor, worker)
            } else {
                reportRefusal(item.path, item.source.kind)
            }
            item.visit.complete(worker)
        }
    }

    /// Tells of a plan's entry that waits for the guards what a run would, where they refuse.
    func planRefusal(_ path: RelativePath, _ kind: EntryKind) {
        postponed.putOff { [self] mayReplace, _ in if !mayReplace { reportRefusal(path, kind) } }
    }

    /// The guards do not let a full directory go. A run that is stopped was not refused anything.
    func reportRefusal(_ path: RelativePath, _ kind: EntryKind) {
        if !cancellation.isCancelled { report(Problem(.replace, path, kind, cause: .guarded)) }
    }

    private func removeLeftovers(_ visit: Visit, _ found: Findings, _ executor: Executor) {
        guard !found.leftovers.isEmpty, let inventory = visit.pair?.destination, let directory = visit.destination
        else { return }
        visit.touch()
        for index in found.leftovers {
            let name = inventory.name(index)
            do throws(EntryFailure) {
                let raw = try doing(.openDirectory) { () throws(Errno) in try directory.borrow() }
                defer { directory.giveBack() }
                try Removal(executor: executor, walk: self).removeTree(At(raw: raw), name)
            } catch {
                if error.isCancelled { return }
                report(problem(error, visit.path(of: name, inventory.length(index)), inventory.slots[index].kind))
            }
        }
    }

    /// The last thing in a directory is done.
    func finish(_ visit: Visit, _ worker: Worker) {
        if plansChanges { executor?.finishDirectory(visit, worker) } else { opener?.closeAgain(visit) }
        if plansChanges { recorder?.record(visit) }
        visit.layers = []
        visit.bases = []
        visit.destination = nil
    }

    func problem(_ failure: EntryFailure, _ path: RelativePath, _ kind: EntryKind?) -> Problem {
        var problem = Problem(failure.operation, path, kind, errno: failure.errno)
        if let cause = failure.cause {
            problem.cause = cause
        } else if failure.side == .source, let errno = failure.errno {
            problem.meetInSource(errno)
        } else if failure.side == .destination, let errno = failure.errno {
            problem.cause = roots.cause(of: errno, failure.operation, kind, process)
        }
        return problem
    }
}
