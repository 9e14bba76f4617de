"""Use cases of the system itself: reconcile, dispatch, sweep."""
