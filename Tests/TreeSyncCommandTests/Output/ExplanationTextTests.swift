import Testing
import TreeSync

@testable import TreeSyncCommand

/// The sentences of `--explain`.
@Suite struct ExplanationTextTests {
    private let path = RelativePath(bytes: Array("d/x".utf8))

    private func text(
        _ outcome: Explanation.Outcome, _ reasons: [Explanation.Reason] = [], options: Options = Options(),
        change: (inout Explanation) -> Void = { _ in }
    ) -> String {
        var explanation = Explanation(path, outcome)
        explanation.reasons = reasons
        change(&explanation)
        return ExplanationText(explanation, options, .grouped).text
    }

    private func entry(_ size: Int64, _ time: Timestamp, _ permissions: UInt16) -> Explanation.Entry {
        Explanation.Entry(
            kind: .regular,
            facts: EntryFacts(size: size, modified: time, permissions: permissions, owner: 1, group: 2))
    }

    @Test func bothValues() {
        let action = Action(.update, path, .regular, differences: [.size, .permissions, .owner])
        let text = text(.action(action)) {
            $0.source = entry(1234, Timestamp(seconds: 0), 0o644)
            $0.destination = entry(5, Timestamp(seconds: 0), 0o4755)
            $0.destination?.facts.owner = 7
        }
        #expect(
            text == """
                d/x: would be copied again
                    Its size differs: 1,234 bytes in the source, 5 bytes in the destination.
                    Its permissions differ: rw-r--r-- in the source, rwsr-xr-x in the destination.
                    Its owner differs: 1 in the source, 7 in the destination.

                """)
    }

    /// To the nanosecond, in the local time zone.
    @Test func times() {
        let time = Timestamp(seconds: 1_600_000_000, nanoseconds: 42)
        let text = text(.action(Action(.setAttributes, path, .regular, differences: .time))) {
            $0.source = entry(1, time, 0o644)
            $0.destination = entry(1, Timestamp(seconds: 1_600_000_000, nanoseconds: 43), 0o644)
        }
        #expect(text.contains("\(LocalTime.spaced(time)).000000042 in the source"))
        #expect(text.contains("\(LocalTime.spaced(time)).000000043 in the destination"))
    }

    @Test func rules() {
        var rule = FilterRule.protect("a b\n")
        rule.isPerishable = true
        rule.origin = .file(Array("rules".utf8), line: 3)
        #expect(
            text(.stays, [.onlyInDestination, .protected(rule, at: path)]) == """
                d/x: stays as it is
                    The source has no such entry.
                    The rule "Pp a b\\#012" in "rules", line 3, protects it from deletion.

                """)
        let above = text(.leftOut, [.excluded(.exclude("d"), at: RelativePath(bytes: Array("d".utf8)))])
        #expect(above.contains("The rule \"- d\" leaves out \"d\", and nothing below it is looked at."))
    }

    @Test func guards() {
        let text = text(.stays, [.guarded(.deletionLimit(planned: 2, allowed: 1))])
        #expect(text.contains("A guard holds deletions back: 2 entries are to be deleted, and --max-delete allows 1;"))
    }

    /// Names cannot forge a line.
    @Test func namesAreEscaped() {
        let explanation = Explanation(RelativePath(bytes: Array("a\nb".utf8)), .nowhere)
        #expect(ExplanationText(explanation, Options(), .grouped).text == "a\\#012b: is in neither tree\n")
    }

    @Test func commandLines() throws {
        guard case .explain(let request, let paths) = try Invocation(try parsed("-a --explain=x --explain y a/ b"))
        else {
            return #expect(Bool(false), "no explanation")
        }
        #expect(paths.map { String(decoding: $0, as: UTF8.self) } == ["x", "y"] && request.isDryRun)
        #expect(usageError("-a --explain=x a/") == .explanationWithoutDestination)
        #expect(usageError("-a --explain= a/ b") == .emptyOperand)
    }

    /// The built command: what it says, and that it writes nothing.
    @Test func command() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir a b; echo new > a/f; echo x > a/x.o; echo gone > b/gone; echo '- *.o' > rules", in: folder)
            let ending = try run(
                treesync,
                ["-a", "--delete", "-f. rules", "--explain=a/f", "--explain=b/gone", "--explain=x.o", "a/", "b"],
                in: folder)
            #expect(
                ending.output == """
                    f: would be created
                        The destination has no such entry.
                    gone: would be deleted
                        The source has no such entry.
                    x.o: takes no part
                        The rule "- *.o" in "rules", line 1, leaves it out.

                    """)
            #expect(ending.status == 0 && ending.errors == "")
            #expect(try shell("ls b", in: folder) == "gone\n")
        }
    }
}
