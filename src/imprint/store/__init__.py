"""What is kept of each user: the ledger of turns, the memories made from it, and how all of it goes away.

`blob` and `archive` are imported by name, for they load torch.
"""

from imprint.store.base import Receipt, Snapshot, Store, StoredMemory, Version
from imprint.store.checks import check_user
from imprint.store.sqlite import SQLiteStore

__all__ = ["Receipt", "SQLiteStore", "Snapshot", "Store", "StoredMemory", "Version", "check_user"]
