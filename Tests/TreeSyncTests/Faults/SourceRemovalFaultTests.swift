import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// What goes away from the source while calls fail and others change it.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults"))
struct SourceRemovalFaultTests {
    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The second name of a file that could not be brought up to date went away.
    @Test(arguments: widths, ["pread", "pwrite", "openat"]) func anotherNameWaitsForTheFirst(
        jobs: Int, call: String
    ) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int, call = call as String] in
            endWhenHanging()
            let options = Options().with { ($0.removesSources, $0.arrival.writesInPlace) = (true, true) }
            let new = Tree.file("new", Attributes(modified: Time(2))).sharing("h")
            let old = Tree.file("old", Attributes(modified: Time(1))).sharing("h")
            var failed = 0
            for number in 1... {
                let isLast = try withTemporaryDirectory { folder in
                    let mirror = try Mirror(
                        in: folder, .directory(["a": new, "b": new]), .directory(["a": old, "b": old]),
                        options: options)
                    var run: Run?
                    let injected = FaultInjection.refusing(call, EIO, number: number) {
                        run = try? mirror.run(jobs: jobs)
                    }
                    for name in ["a", "b"] {
                        let isThere = Self.text(mirror.destination + "/" + name) == "new"
                        #expect(isThere || Self.text(mirror.source + "/" + name) == "new", "\(name), \(number)")
                    }
                    if run?.report.succeeded != true { failed += 1 }
                    if !injected { #expect(try runProgram(["find", mirror.source, "-type", "f"]).output.isEmpty) }
                    return !injected
                }
                if isLast { break }
            }
            #expect(failed > 0)
        }
    }

    enum Kind: String, CaseIterable, Codable, Sendable {
        case file, link

        func tree(_ text: String) -> Tree { self == .file ? .file(text) : .link(Name(text.utf8)) }

        func text(_ path: String) -> String? {
            switch self {
            case .file: SourceRemovalFaultTests.text(path)
            case .link: try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            }
        }
    }

    /// An editor saved the first name of an inode, and the other name became a link to what it had saved.
    @Test(arguments: Kind.allCases, widths) func aFirstNameThatIsReplacedBringsNothingToTheOther(
        _ kind: Kind, jobs: Int
    ) async {
        await #expect(processExitsWith: .success) { [kind = kind as Kind, jobs = jobs as Int] in
            endWhenHanging()
            for removes in [true, false] {
                for number in 1... {
                    let isLast = try withTemporaryDirectory { folder in
                        let shared = kind.tree("old").sharing("h")
                        let mirror = try Mirror(
                            in: folder, .directory(["b1": shared, "b2": shared]), .directory(),
                            options: Options().with { $0.removesSources = removes })
                        let (first, other) = (mirror.source + "/b1", folder + "/other")
                        try kind.tree("saved").build(at: other)
                        var run: Run?
                        let call = FaultInjection.interposing({ rename(other, first) }, before: number) {
                            run = try? mirror.run(jobs: jobs)
                        }
                        let copy = kind.text(mirror.destination + "/b2")
                        let isKept = kind.text(mirror.source + "/b2") == "old"
                        #expect(isKept || copy == "old", "\(removes), call \(number), \(call ?? "none")")
                        if run?.report.succeeded == true {
                            #expect(copy == "old", "\(removes), call \(number), \(call ?? "none")")
                        }
                        return call == nil
                    }
                    if isLast { break }
                }
            }
        }
    }
}
