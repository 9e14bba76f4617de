"""Topics: each module reads the words of one subject out of a clause."""
