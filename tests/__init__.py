"""The project's tests; see CONTRIBUTING.md for what belongs where."""
