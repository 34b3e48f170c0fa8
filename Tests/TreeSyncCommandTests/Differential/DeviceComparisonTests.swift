import Foundation
import Testing
import TreeTesting

/// rsync and treesync with `--copy-devices` and `--write-devices`, each with devices of its own.
@Suite(
    .enabled(if: Tool.rsync.isInstalled), .enabled(if: canAttachDevices, "only root attaches files to devices"),
    .serialized)
struct DeviceComparisonTests {
    /// Trees `s` and `d`, with nodes of one device each; `image` is a file for it.
    private struct Side {
        let folder: String
        let devices: [LoopDevice]

        init(_ name: String, in parent: String) throws {
            folder = parent + "/" + name
            try shell(
                """
                mkdir -p \(name)/s \(name)/d; cd \(name)
                seq 30000 > s/image; echo f > s/file; mknod s/null c 1 3; mkfifo s/fifo; seq 9 > s/other; chmod 640 s/image
                """, in: parent)
            devices = try ["from", "to"].map { try LoopDevice(in: parent, name + $0, size: 1 << 20) }
            try devices[0].write(Array(repeating: Array("what the device holds. ".utf8), count: 20_000).joined() + [])
            try devices[0].makeNode(at: folder + "/s/device")
            try devices[1].makeNode(at: folder + "/d/image")
            try shell(
                "find s d -exec touch -h -d '2020-02-02 02:02:02' {} +; touch -d '2019-01-01' d/image", in: folder)
        }

        func end() { for device in devices { device.detach() } }
    }

    /// Words; `DEVICE` is the second device.
    static let cases = [
        "-ai --copy-devices s/ new", "-ai --copy-devices --no-D s/ new", "-ri --copy-devices s/ new",
        "-aic --copy-devices s/ new", "-ain --copy-devices s/ new", "-ai --copy-devices s/device new",
        "-ai --copy-devices --stats s/ new", "-aiS --copy-devices s/ new", "-ai --copy-devices --inplace s/ new",
        "-ai --copy-devices --max-size=1000 s/ new", "-ai --write-devices s/ d", "-ain --write-devices s/ d",
        "-ri --write-devices s/ d", "-ai --write-devices s/image DEVICE", "-ai --write-devices --no-W s/ d",
        "-ai --write-devices --copy-devices s/ d", "-ai --write-devices --copy-devices s/device DEVICE",
        "-ai --write-devices --no-write-devices s/ d", "-ai -M--write-devices s/ d", "-ai s/ d",
        "-aiu --write-devices s/ d",
        "-ai --write-devices --ignore-existing s/ d", "-ai --write-devices --existing s/ d",
        "-aiI --write-devices s/ d",
        "-ai --write-devices --delay-updates s/ d", "-ai --write-devices --partial-dir=p s/ d",
        "-aiW --write-devices s/ d",
    ]

    @Test(arguments: cases) func sameResult(words: String) throws {
        try withTemporaryDirectory { parent in
            var sides: [Side] = []
            defer { for side in sides { side.end() } }
            for name in ["rsync", "ours"] { sides.append(try Side(name, in: parent)) }
            let endings = try zip(sides, [Tool.rsync.path, treesync]).map { side, program in
                let line = words.replacing("DEVICE", with: side.devices[1].path)
                return try run(program, line.split(separator: " ").map(String.init), in: side.folder)
            }
            #expect(endings[0].status == endings[1].status, "\(words)\n\(endings[1].errors)")
            let outputs = zip(sides, endings).map { side, ending in
                let device = side.devices[1].path.split(separator: "/").last.map(String.init) ?? ""
                return DifferentialOutput(ending.output.replacing(device, with: "DEVICE"), isOrdered: true)
            }
            #expect(outputs[0] == outputs[1], "\(words)")
            // Copies of devices have the time of the copy; nodes of two devices have two numbers.
            var properties: ComparedProperties = [.all]
            properties.subtract([.allocation, .modified, .numbers])
            let found = try differences(sides[0].folder, sides[1].folder, in: properties)
            #expect(found == [], "\(words)")
            for number in 0...1 {
                #expect(try sides[0].devices[number].contents() == sides[1].devices[number].contents(), "\(words)")
            }
        }
    }
}
