"""Repositories: one protocol file per context. ``get`` raises NotFoundError, ``find`` returns None.

``save`` writes ``WHERE row_version = :known`` and raises ConflictError (code ``stale``) when somebody was faster;
it returns the entity with the next ``row_version``. ``for_update`` locks the row until the transaction ends.
"""
