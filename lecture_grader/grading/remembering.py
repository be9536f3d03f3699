"""What was found once and is asked for again, as long as there is room for it."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(dict[Key, Value], Generic[Key, Value]):
    """At most so many values by their keys; of more, the one that was longest not asked for is forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def recall(self, key: Key) -> Value | None:
        """Return what was kept, which is now the last to be forgotten; None if nothing was."""
        found = self.pop(key, None)
        if found is not None:
            self[key] = found
        return found

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value."""
        self[key] = value
        if len(self) > self.most:
            del self[next(iter(self))]
