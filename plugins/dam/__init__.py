"""One package per place to which finished pictures can be exported."""
