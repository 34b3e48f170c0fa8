// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "MirrorFolder",
    dependencies: [
        .package(name: "treesync", path: "../../.."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .executableTarget(
            name: "MirrorFolder",
            dependencies: [
                .product(name: "TreeSync", package: "treesync"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        )
    ]
)
