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

    /// Each attribute by its name, with what both sides have of it.
    @Test func attributes() {
        let action = Action(.setAttributes, path, .regular, differences: [.acl, .extendedAttributes, .accessTime])
        let text = text(.action(action)) {
            $0.source = entry(1, Timestamp(seconds: 0), 0o644)
            $0.destination = entry(1, Timestamp(seconds: 0), 0o644)
            $0.source?.facts.accessed = Timestamp(seconds: 0)
            $0.destination?.facts.accessed = Timestamp(seconds: 0, nanoseconds: 1)
            $0.attributes = [
                .init(.accessControlList, source: .bytes(Array("user::rw-".utf8)), destination: .none),
                .init(.defaultAccessControlList, source: .none, destination: .bytes(Array("other::---".utf8))),
                .init(.attribute(name: Array("user.a\n".utf8)), source: .bytes([0, 65]), destination: .unreadable),
                .init(
                    .attribute(name: Array("user.b".utf8)), source: .bytes([UInt8](repeating: 65, count: 40)),
                    destination: .bytes([UInt8](repeating: 65, count: 1000))),
            ]
        }
        let time = LocalTime.spaced(Timestamp(seconds: 0))
        #expect(
            text == """
                d/x: would get other attributes
                    Its ACL differs: user::rw- in the source, none in the destination.
                    Its default ACL differs: none in the source, other::--- in the destination.
                    Its attribute "user.a\\#012" differs: "\\#000A" in the source, one that cannot be read in the destination.
                    Its attribute "user.b" differs: "\(String(repeating: "A", count: 40))" in the source, 1,000 bytes in the \
                destination.
                    Its access time differs: \(time).000000000 in the source, \(time).000000001 in the destination.

                """)
        #expect(self.text(.action(action)).contains("Its ACLs differ.\n    Its extended attributes differ.\n"))
    }

    /// Why the rule that leaves an entry out deletes it.
    @Test func rulesThatDelete() {
        let action = Explanation.Outcome.action(Action(.delete, path, .regular))
        var options = Options()
        options.deletesExcluded = true
        let above = RelativePath(bytes: Array("d".utf8))
        let hidden = text(action, [.excluded(.exclude("d"), at: above)], options: options)
        #expect(hidden.contains("The rule \"- d\" leaves out \"d\", and that is deleted (--delete-excluded)."))
        let itself = text(action, [.excluded(.exclude("x"), at: path)], options: options)
        #expect(itself.contains("The rule \"- x\" leaves it out, and that is deleted (--delete-excluded)."))
        let unprotected = text(action, [.excluded(.hide("x"), at: path)], options: options)
        #expect(unprotected.contains("The rule \"H x\" leaves it out, and nothing protects it."))
    }

    /// Paths of the working directory, wherever the roots are typed to be.
    @Test func pathsOfTheWorkingDirectory() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir -p a/s/sub b; echo 1 > a/s/f; echo 2 > a/g; echo s/f > list", in: folder)
            let created = "s/f: would be created\n    The destination has no such entry.\n"
            for path in ["a/s/f", "s/f", "a/s/sub/../f", "./b/../a/s/f", "\(folder)/a/s/f", "\(folder)/b/s/f"] {
                for source in ["a/", "\(folder)/a/", "b/../a"] {
                    let words = ["-a", "--files-from=list", "--explain=\(path)", source, "b"]
                    #expect(try run(treesync, words, in: folder).output == created, "\(path), \(source)")
                }
            }
            let single = "g: would be created\n    The destination has no such entry.\n"
            for (path, source) in [
                ("a/g", "a/g"), ("a/g", "\(folder)/a/g"), ("\(folder)/a/g", "a/g"), ("a/g", "b/../a/g"),
            ] {
                #expect(try run(treesync, "-a", "--explain=\(path)", source, "b/", in: folder).output == single)
            }
            let others = ["-a", "--files-from=list", "--explain=a/g", "--explain=a/no", "--explain=../x", "a/", "b"]
            #expect(
                try run(treesync, others, in: folder).output == """
                    g: takes no part
                        It is there, and not among what is named: as a source, or in the list of --files-from.
                    no: is in neither tree
                    ../x: is in neither tree
                        The path lies below neither the source nor the destination.

                    """)
            let removing = ["-a", "--remove-source-files", "--explain=g", "a/", "b"]
            #expect(
                try run(treesync, removing, in: folder).output
                    == single + "    It would then go away from the source (--remove-source-files).\n")
        }
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
