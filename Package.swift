// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "treesync",
    products: [
        .library(name: "TreeSync", targets: ["TreeSync"]),
        .executable(name: "treesync", targets: ["TreeSyncCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CACL", pkgConfig: "libacl", providers: [.apt(["libacl1-dev"])]),
        .systemLibrary(name: "CAttr", pkgConfig: "libattr", providers: [.apt(["libattr1-dev"])]),
        .target(name: "CLinux"),
        // The header of libxxhash; nothing is linked.
        .target(name: "CXXHash"),
        .target(
            name: "TreeSync",
            dependencies: [
                "CLinux", "CACL", "CAttr", "CXXHash", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TreeSyncCommand",
            dependencies: ["TreeSync", "CLinux", "CXXHash", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict
        ),
        // Trees as values, an independent comparer and file-system fixtures, for both test targets.
        .target(
            name: "CTreeTesting", path: "Tests/CTreeTesting", linkerSettings: [.linkedLibrary("xxhash")]),
        .target(name: "TreeTesting", dependencies: ["CTreeTesting"], path: "Tests/TreeTesting", swiftSettings: strict),
        .testTarget(
            name: "TreeSyncTests", dependencies: ["TreeSync", "TreeTesting", "CLinux"], swiftSettings: strict),
        .testTarget(
            name: "TreeSyncCommandTests", dependencies: ["TreeSyncCommand", "TreeTesting"], swiftSettings: strict),
    ]
)
