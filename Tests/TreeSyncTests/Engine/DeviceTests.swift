import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Calls `body` with devices of these sizes, which go away afterwards.
private func withDevices(_ sizes: Int..., body: (String, [LoopDevice]) throws -> Void) throws {
    try withTemporaryDirectory { folder in
        var devices: [LoopDevice] = []
        defer { for device in devices { device.detach() } }
        for (number, size) in sizes.enumerated() {
            devices.append(try LoopDevice(in: folder, "image\(number)", size: size))
        }
        try body(folder, devices)
    }
}

private func random(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
}

private func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

private func status(_ path: String) throws -> Status { try At.workingDirectory.status(path) }

/// Devices of the source as files of what they hold (`--copy-devices`).
@Suite(.enabled(if: canAttachDevices, "only root attaches files to devices"), .serialized) struct CopiedDeviceTests {
    private static let options = Options.deleting().with { $0.copiesDevices = true }

    @Test(arguments: widths) func whatADeviceHolds(jobs: Int) throws {
        try withDevices(1 << 20) { folder, devices in
            let bytes = random(1 << 20, seed: 1)
            try devices[0].write(bytes)
            let mirror = try Mirror(in: folder, .directory(["file": .file("f")]), options: Self.options)
            try devices[0].makeNode(at: mirror.source + "/device")
            let before = Date()
            let plan = try mirror.plan(jobs: 1)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            // The time that the copy is going to have is that of each run.
            #expect(plan.planned.map { "\($0)" } == run.planned.map { "\($0)" })
            let copy = mirror.destination + "/device"
            #expect(try contents(copy) == bytes)
            let found = try status(copy)
            #expect(found.kind == .regular && found.permissions == 0o600)
            // It has the time at which it was copied, so that who copies it on sees that it is new.
            #expect(Double(found.modified.seconds) >= before.timeIntervalSince1970 - 1)
            try expectNothingToDo(mirror)
            // Neither its size nor a time says that what it holds has changed.
            try devices[0].write([bytes[777_777] ^ 1], at: 777_777)
            let second = try mirror.plan(jobs: jobs)
            #expect(second.planned.map(\.path.description) == ["device"])
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try contents(copy) == devices[0].contents())
            try expectNothingToDo(mirror)
        }
    }

    /// What neither is a block device is never opened: FIFOs and sockets stay what they are, and nothing blocks.
    @Test(arguments: widths) func otherSpecialEntries(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory([
                "null": Tree(.characterDevice(major: 1, minor: 3)),
                "endless": Tree(.characterDevice(major: 1, minor: 5)),
                "fifo": .fifo(), "socket": .socket(), "missing": Tree(.blockDevice(major: 4000, minor: 1)),
            ])
            let mirror = try Mirror(in: folder, tree, options: Self.options)
            let run = try mirror.run(jobs: jobs)
            // Nothing is behind the number.
            #expect(run.errors.map(\.path.description) == ["missing"] && run.errors.allSatisfy(\.isSourceFailure))
            for name in ["null", "endless"] {
                let found = try status(mirror.destination + "/" + name)
                #expect(found.kind == .regular && found.size == 0)
            }
            #expect(try status(mirror.destination + "/fifo").kind == .fifo)
            #expect(try status(mirror.destination + "/socket").kind == .socket)
        }
    }

    /// Without the option a device is a device.
    @Test(arguments: widths) func devicesStayDevices(jobs: Int) throws {
        try withDevices(8192) { folder, devices in
            let mirror = try Mirror(in: folder, .directory())
            try devices[0].makeNode(at: mirror.source + "/device")
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try status(mirror.destination + "/device").kind == .blockDevice)
        }
    }

    /// By way of a link that is followed, with blocks in place, with holes, and without times.
    @Test(arguments: widths) func otherOptions(jobs: Int) throws {
        try withDevices(1 << 20) { folder, devices in
            try devices[0].write(random(4096, seed: 2), at: 65536)
            var mirror = try Mirror(
                in: folder, .directory(["link": .link(Name(Array(devices[0].path.utf8)))]), options: Self.options)
            mirror.options.links.followed = .all
            mirror.options.makesSparse = true
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try contents(mirror.destination + "/link") == devices[0].contents())
            #expect(try status(mirror.destination + "/link").blocks < 1024)
            try expectNothingToDo(mirror)
            try devices[0].write([1], at: 5000)
            mirror.options.arrival.writesInPlace = true
            mirror.options.makesSparse = false
            mirror.options.preserved.remove(.times)
            let inode = try status(mirror.destination + "/link").inode
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.writtenBytes == 4096)
            #expect(try contents(mirror.destination + "/link") == devices[0].contents())
            #expect(try status(mirror.destination + "/link").inode == inode)
            try expectNothingToDo(mirror)
        }
    }

    /// A device is not removed from the source: it holds what was copied still.
    @Test(arguments: widths) func removingSources(jobs: Int) throws {
        try withDevices(8192) { folder, devices in
            var mirror = try Mirror(in: folder, .directory(["file": .file()]), options: Self.options)
            try devices[0].makeNode(at: mirror.source + "/device")
            mirror.options.removesSources = true
            mirror.options.deletion = nil
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(entryExists(at: mirror.source + "/device") && !entryExists(at: mirror.source + "/file"))
        }
    }
}

/// Files that are written into devices (`--write-devices`).
@Suite(.enabled(if: canAttachDevices, "only root attaches files to devices"), .serialized) struct WrittenDeviceTests {
    private static let options = Options.deleting().with {
        $0.writesDevices = true
        $0.arrival.writesInPlace = true
    }

    private func mirror(_ folder: String, _ bytes: [UInt8], _ device: LoopDevice) throws -> Mirror {
        let file = Tree.file(Contents(bytes: bytes), Attributes(permissions: 0o640))
        let mirror = try Mirror(in: folder, .directory(["device": file]), .directory(), options: Self.options)
        try device.makeNode(at: mirror.destination + "/device")
        return mirror
    }

    @Test(arguments: widths) func intoADevice(jobs: Int) throws {
        try withDevices(1 << 20) { folder, devices in
            let old = random(1 << 20, seed: 3)
            try devices[0].write(old)
            let bytes = random(500_001, seed: 4)
            let mirror = try mirror(folder, bytes, devices[0])
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(plan.planned == run.planned && plan.planned.map(\.path.description).contains("device"))
            let found = try status(mirror.destination + "/device")
            #expect(found.kind == .blockDevice && found.permissions == 0o640)
            #expect(found.modified == Timestamp(seconds: 1_500_000_000, nanoseconds: 123_456_789))
            // What lies behind the end of the file stays.
            #expect(try devices[0].contents() == bytes + old[bytes.count...])
            try expectNothingToDo(mirror)
            // Only what differs is written, also where neither size nor time tell of it.
            try devices[0].write([bytes[70_000] ^ 1], at: 70_000)
            #expect(try expectPlan(mirror).planned.map(\.path.description) == ["device"])
            let second = try mirror.run(jobs: jobs)
            expectSuccess(second)
            #expect(second.report.statistics.writtenBytes == 4096)
            #expect(try devices[0].contents() == bytes + old[bytes.count...])
            try expectNothingToDo(mirror)
        }
    }

    /// Holes of the file are zeros on the device.
    @Test(arguments: widths) func holes(jobs: Int) throws {
        try withDevices(1 << 20) { folder, devices in
            try devices[0].write(random(1 << 20, seed: 5))
            let file = Tree.file(Contents(size: 900_000, pieces: [.bytes([1, 2, 3], at: 400_000)]))
            let mirror = try Mirror(in: folder, .directory(["device": file]), .directory(), options: Self.options)
            try devices[0].makeNode(at: mirror.destination + "/device")
            var sparse = mirror
            sparse.options.makesSparse = true
            expectSuccess(try sparse.run(jobs: jobs))
            #expect(try Array(devices[0].contents()[..<900_000]) == contents(mirror.source + "/device"))
            try expectNothingToDo(mirror)
        }
    }

    /// Nothing is written where not everything has room.
    @Test(arguments: widths) func tooSmall(jobs: Int) throws {
        try withDevices(65536) { folder, devices in
            let mirror = try mirror(folder, random(65537, seed: 6), devices[0])
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.deviceTooSmall] && plan.errors == run.errors)
            #expect(try devices[0].contents().allSatisfy { $0 == 0 })
            #expect(try status(mirror.destination + "/device").kind == .blockDevice)
        }
    }

    /// A device with a mounted file system is not written to, nor one that is mounted between plan and action.
    @Test(arguments: widths) func mounted(jobs: Int) throws {
        try withDevices(16 << 20) { folder, devices in
            #expect(try runProgram(["mkfs.ext4", "-q", "-F", devices[0].path]).status == 0)
            let mirror = try mirror(folder, random(1 << 20, seed: 7), devices[0])
            let place = folder + "/mounted"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            try #require(try runProgram(["mount", devices[0].path, place]).status == 0)
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.errno) == [.resourceBusy] && plan.errors == run.errors)
            #expect(run.errors.map(\.operation) == [.write])
            #expect(try runProgram(["umount", place]).status == 0)
            #expect(try runProgram(["fsck.ext4", "-f", "-n", devices[0].path]).status == 0)
        }
    }

    @Test(arguments: widths) func characterDevices(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let null = Tree(.characterDevice(major: 1, minor: 3))
            let mirror = try Mirror(
                in: folder, .directory(["null": .file("text")]), .directory(["null": null]), options: Self.options)
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.characterDevice])
            #expect(try status(mirror.destination + "/null").kind == .characterDevice)
        }
    }

    /// No backup is made of what a device holds, and no basis directory takes its place.
    @Test(arguments: widths) func beside(jobs: Int) throws {
        try withDevices(65536) { folder, devices in
            let bytes = random(60000, seed: 8)
            var mirror = try mirror(folder, bytes, devices[0])
            mirror.options.backups = Backups()
            #expect(try mirror.run(jobs: jobs).errors.map(\.cause) == [.deviceWithoutBackup])
            #expect(try devices[0].contents().allSatisfy { $0 == 0 })
            mirror.options.backups = nil
            mirror.options.preserved.remove(.permissions)
            try runProgram(["cp", "-a", mirror.source, folder + "/basis"])
            mirror.options.basis = BasisDirectories([FilePath(folder + "/basis")], use: .link)
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try status(mirror.destination + "/device").kind == .blockDevice)
            #expect(try Array(devices[0].contents()[..<60000]) == bytes)
        }
    }

    /// One device into another.
    @Test(arguments: widths) func fromDeviceToDevice(jobs: Int) throws {
        try withDevices(65536, 131_072) { folder, devices in
            try devices[0].write(random(65536, seed: 9))
            var mirror = try Mirror(in: folder, .directory(), .directory(), options: Self.options)
            mirror.options.copiesDevices = true
            try devices[0].makeNode(at: mirror.source + "/device")
            try devices[1].makeNode(at: mirror.destination + "/device")
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try Array(devices[1].contents()[..<65536]) == devices[0].contents())
            try expectNothingToDo(mirror)
        }
    }

    /// The destination may be the device, or a link to it.
    @Test(arguments: widths, [false, true]) func asOperand(jobs: Int, byLink: Bool) throws {
        try withDevices(65536) { folder, devices in
            let bytes = random(65536, seed: 10)
            try Tree.file(Contents(bytes: bytes)).build(at: folder + "/source")
            var destination = devices[0].path
            if byLink {
                destination = folder + "/link"
                try FileManager.default.createSymbolicLink(atPath: destination, withDestinationPath: devices[0].path)
            }
            var options = Self.options
            options.deletion = nil
            options.preserved = [.symbolicLinks, .times]
            options.jobs = jobs
            let synchronizer = Synchronizer(
                sources: [Source(FilePath(folder + "/source"), placement: .entry)], to: FilePath(destination),
                destinationIsDirectory: false, options: options)
            let report = try synchronizer.runBlocking()
            #expect(report.succeeded && report.problems.isEmpty)
            #expect(try devices[0].contents() == bytes)
            #expect(try status(devices[0].path).kind == .blockDevice)
            #expect(try !byLink || status(destination).kind == .symbolicLink)
            #expect(try synchronizer.planBlocking().statistics.updated == 0)
        }
    }

    /// Another device that somebody puts in the place of the one that was planned for is never written to.
    @Test(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) func exchanged() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withDevices(65536, 65536) { folder, devices in
                let bytes = random(60000, seed: 11)
                var (calls, later) = (0, 0)
                for number in 1... {
                    let mirror = try WrittenDeviceTests().mirror(folder, bytes, devices[0])
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    try devices[0].write([UInt8](repeating: 0, count: 65536))
                    let (place, aside) = (mirror.destination + "/device", mirror.destination + "/aside")
                    let other = mirror.destination + "/other"
                    try devices[1].makeNode(at: other)
                    let call = FaultInjection.interposing(
                        {
                            rename(place, aside)
                            rename(other, place)
                        }, before: number
                    ) { _ = try? mirror.run(jobs: 1) }
                    if call == nil { break }
                    calls += 1
                    // Until the run has looked at the entry, the other device is the one that is planned for.
                    let isUntouched = try devices[1].contents().allSatisfy { $0 == 0 }
                    let isWhole = try Array(devices[1].contents()[..<60000]) == bytes
                    if isUntouched { later += 1 }
                    #expect(isUntouched || (later == 0 && isWhole), "before call \(number), \(call ?? "")")
                    try devices[1].write([UInt8](repeating: 0, count: 65536))
                }
                #expect(calls - later > 10 && later > 20)
            }
        }
    }
}
