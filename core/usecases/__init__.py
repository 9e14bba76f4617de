"""What a person or a worker can do with i2i, one folder per context."""
