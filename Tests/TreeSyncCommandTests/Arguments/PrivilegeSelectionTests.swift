import Testing
import TreeSync

@testable import TreeSyncCommand

/// On which side attributes are stored, and what the last word is.
@Suite struct PrivilegeSelectionTests {
    @Test(
        arguments: [
            ("", [], .ofProcess), ("--fake-super", [.source, .destination], .ofProcess),
            ("-M--fake-super", .destination, .ofProcess), ("--fake-super -M--super", .source, .assumed),
            ("-M--super --fake-super", .source, .assumed), ("--fake-super -M--no-super", .source, .none),
            ("--fake-super --super", [], .assumed), ("--fake-super --no-super", [], .none),
            ("--super --fake-super", [.source, .destination], .ofProcess),
            ("-M--fake-super --super", .destination, .assumed), ("-M--fake-super -M--super", [], .assumed),
            ("-M--super -M--fake-super", .destination, .ofProcess),
        ] as [(String, Options.FakeSuper, Options.Privileges)])
    func sides(line: String, sides: Options.FakeSuper, privileges: Options.Privileges) throws {
        let options = try request("-a " + line + " src dst").options
        #expect(options.fakeSuper == sides)
        #expect(options.privileges == privileges)
    }

    /// The attributes themselves are copied with `-XX`, which contradicts what they mean.
    @Test func attributesAsTheyAre() throws {
        #expect(try !request("-aX src dst").options.copiesStoredAttributes)
        #expect(try request("-aXX src dst").options.copiesStoredAttributes)
        #expect(try !request("-aXX --no-X -X src dst").options.copiesStoredAttributes)
        #expect(try !request("-aXE src dst").options.copiesStoredAttributes)
        for line in ["-aXX --fake-super src dst", "-aXX -M--fake-super src dst"] {
            #expect(usageError(line) == .contradiction("--fake-super", "-XX"))
        }
    }

    @Test func devices() throws {
        #expect(try request("--copy-devices src dst").options.copiesDevices)
        for line in ["--write-devices src dst", "-M--write-devices src dst"] {
            let options = try request(line).options
            #expect(options.writesDevices && options.arrival.writesInPlace)
        }
        #expect(usageError("--write-devices --delay-updates src dst") == .conflict("--inplace", "--delay-updates"))
        #expect(usageError("--write-devices --partial-dir=p src dst") == .conflict("--inplace", "--partial-dir"))
    }
}
