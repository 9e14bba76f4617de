"""Storage in memory: the fake of unit tests, held to the same contracts as the databases."""

from adapters.storage.memory.database import MemoryDatabase, MemoryUnitOfWork

__all__ = ["MemoryDatabase", "MemoryUnitOfWork"]
