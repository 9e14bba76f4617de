"""The local planner: reads instructions with a lexicon and a small grammar, without a key and without a network."""
