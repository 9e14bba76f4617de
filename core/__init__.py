"""The pure core of i2i: words, rules and use cases, with no clock, no randomness and no I/O."""
