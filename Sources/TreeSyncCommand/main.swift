print("treesync")
