import Testing

@testable import TreeSync

@Suite struct MountTableTests {
    private func mountPoints(_ text: String) -> [String] {
        MountTable(text: Array(text.utf8)).mountPoints.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func readsMountPoints() {
        let text = """
            # a comment /mnt/comment ext4
            UUID=1 / ext4 defaults 0 1
              UUID=2\t/mnt/with\\040space\text4 defaults,noauto 0 2

            UUID=3 none swap sw 0 0
            tmpfs /run/mine tmpfs
            UUID=4 /half\\04
            """
        #expect(mountPoints(text) == ["/mnt/with space", "/run/mine"])
    }

    @Test(arguments: ["", "\n\n", "x", "a b", "a b c", "a /\\0 c", "a /\\999\\400 c", "#"])
    func takesAnyText(_ text: String) { #expect(mountPoints(text).allSatisfy { $0.hasPrefix("/") }) }
}
