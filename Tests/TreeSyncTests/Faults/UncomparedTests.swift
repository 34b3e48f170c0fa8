import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What cannot be compared is not taken for equal: each call of one kind is refused in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct UncomparedTests {
    /// How entries of basis directories are used; `nil` for none.
    enum Use: String, CaseIterable, Codable { case none, link, copy, compare }

    /// Nothing leaves the source that is not in the destination.
    @Test(arguments: Use.allCases, widths) func whatLeavesTheSourceIsElsewhere(_ use: Use, jobs: Int) async {
        await #expect(processExitsWith: .success) { [use = use as Use, jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var options = Options().with { ($0.contentComparison, $0.removesSources) = (.contents, true) }
                options.basis = use.basis
                try forEachFault(in: folder, options, jobs: jobs) { mirror, _, comment in
                    let basis = use == .compare ? try lacking(folder + "/original", folder + "/basis") : nil
                    for path in try lacking(folder + "/original", mirror.destination) {
                        if path == "" || path == "d" || basis?.contains(path) == false { continue }
                        #expect(entryExists(at: "\(mirror.source)/\(path)"), "\(path) is lost, \(comment)")
                    }
                }
            }
        }
    }

    /// A run that says that it was successful was; and after any failure the next run, which looks at sizes and times
    /// alone, makes the trees equal.
    @Test(arguments: widths) func theNextRunMakesThemEqual(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let options = Options.deleting().with { $0.contentComparison = .contents }
                try forEachFault(in: folder, options, jobs: jobs) { mirror, run, comment in
                    if run?.report.succeeded == true {
                        try expectEqual(mirror.source, mirror.destination, "a success, \(comment)")
                    }
                    var next = mirror
                    next.options.contentComparison = .quickCheck
                    expectSuccess(try next.run(jobs: jobs), comment)
                    try expectEqual(mirror.source, mirror.destination, "the next run, \(comment)")
                }
            }
        }
    }

    /// A directory that could not be compared is entered all the same.
    @Test(arguments: widths) func aDirectoryIsEntered(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var failed = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["d": .directory(["f": .file("new")])]),
                        .directory(["d": .directory(["f": .file("old", Attributes(modified: Time(1)))])]))
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    var run: Run?
                    let injected = FaultInjection.refusing("listxattrat", EIO, number: number) {
                        run = try? mirror.run(jobs: jobs)
                    }
                    if !injected { break }
                    if run?.problems(at: "d").isEmpty != false { continue }
                    failed += 1
                    let contents = FileManager.default.contents(atPath: mirror.destination + "/d/f")
                    #expect(contents == Data("new".utf8))
                }
                #expect(failed == 2)
            }
        }
    }

    /// It was taken for one that stays in the tree.
    @Test(arguments: widths) func aLinkThatCannotBeReadIsNotSafe(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            try withTemporaryDirectory { folder in
                let options = Options.deleting().with { $0.links.leavesOutUnsafe = true }
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["link": .link("/etc/passwd")]), .directory(), options: options)
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    var run: Run?
                    let injected = FaultInjection.refusing("readlinkat", EIO, number: number) {
                        run = try? mirror.run(jobs: jobs)
                    }
                    #expect(!entryExists(at: mirror.destination + "/link"), "call \(number)")
                    if !injected {
                        #expect(number > 1)
                        break
                    }
                    #expect(number > 1 || run?.problems(at: "link").isEmpty == false)
                }
            }
        }
    }
}

extension UncomparedTests.Use {
    fileprivate var basis: BasisDirectories? {
        switch self {
        case .none: nil
        case .link: BasisDirectories(["../basis"], use: .link)
        case .copy: BasisDirectories(["../basis"], use: .copy)
        case .compare: BasisDirectories(["../basis"], use: .compare)
        }
    }
}

private func marked(_ value: UInt8, _ modified: Time? = nil) -> Attributes {
    var attributes = Attributes(extended: ["user.mark": [value]])
    if let modified { attributes.modified = modified }
    return attributes
}

private let source = Tree.directory(
    [
        "b": .file("same"), "d": .directory(["y": .file("NEWy")], marked(1)), "f": .file("NEW1"), "g": .file("NEW2"),
        "h1": .file("NEWh").sharing("h"), "h2": .file("NEWh").sharing("h"), "link": .link("new"),
        "x": .file("x", marked(1)),
    ], marked(1))

/// Everything has the size of its counterpart, so that contents have to be read.
private let destination = Tree.directory(
    [
        "b": .file("else", Attributes(modified: Time(1))),
        "d": .directory(["y": .file("OLDy", Attributes(modified: Time(1)))], marked(2)),
        "f": .file("OLD0", Attributes(modified: Time(1))), "h1": .file("OLDh", Attributes(modified: Time(1))),
        "h2": .file("OLDi", Attributes(modified: Time(1))), "link": .link("old"), "x": .file("x", marked(2)),
    ], marked(2))

private let basis = Tree.directory(
    [
        "b": .file("same"), "d": .directory(["y": .file("BASy")], marked(1)), "f": .file("BAS1"), "g": .file("BAS2"),
        "h1": .file("BASh"), "link": .link("bas"), "x": .file("x", marked(3)),
    ], marked(3))

/// Runs with each call of some names refused once, both trees built anew each time, and calls `check`.
private func forEachFault(
    in folder: String, _ options: Options, jobs: Int,
    _ check: (_ mirror: Mirror, _ run: Run?, _ comment: String) throws -> Void
) throws {
    // No run writes to these.
    try source.build(at: folder + "/original")
    try basis.build(at: folder + "/basis")
    for call in ["openat", "pread", "readlinkat", "listxattrat", "getxattrat", "flistxattr", "statx"] {
        for number in 1... {
            let mirror = try Mirror(in: folder, source, destination, options: options)
            defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
            var run: Run?
            let injected = FaultInjection.refusing(call, EIO, number: number) { run = try? mirror.run(jobs: jobs) }
            if !injected {
                #expect(number > 1, "\(call) was never called")
                break
            }
            try check(mirror, run, "\(call) \(number), jobs \(jobs)")
        }
    }
}

/// The paths at which the right tree is not what the left one is; what directories are like does not count.
private func lacking(_ left: String, _ right: String) throws -> Set<String> {
    let found = try differences(left, right, in: .all.subtracting(.hardLinks)).filter { $0.left != "missing" }
    return Set(found.map { "\($0.path)" })
}
