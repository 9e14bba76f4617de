"""Technology of signing in: hashes, meters, signatures and riddles."""
