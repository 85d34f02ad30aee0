"""Settings of the server: table [serve] of config.toml."""

from dataclasses import dataclass

_POSITIVE = (
    "batch",
    "batch_positions",
    "queue",
    "max_body",
    "max_import",
    "max_import_turns",
    "max_messages",
    "max_tokens",
)


@dataclass(frozen=True)
class ServeConfig:
    """Table [serve]."""

    host: str = "127.0.0.1"
    """Address to listen at. Anything but a loopback address needs a key."""
    port: int = 8000
    """0 takes a free one."""
    hosts: tuple[str, ...] = ()
    """Further names by which a server without keys may be called, besides localhost and loopback addresses."""
    batch: int = 16
    """Most answers made at once."""
    batch_positions: int = 65_536
    """Most positions of all answers made at once, each counted as long as the longest, padding included."""
    queue: int = 64
    """Most requests that wait for the model; the next is told to come back."""
    max_body: int = 1024 * 1024
    """Largest request, in bytes."""
    max_import: int = 64 * 1024 * 1024
    """Largest archive that may be imported, in bytes."""
    max_import_turns: int = 100_000
    """Most turns of such an archive."""
    max_messages: int = 1_000
    """Most messages, or turns to be heard, of one request."""
    max_tokens: int = 4_096
    """Longest answer a request may ask for, in tokens."""
    requests_per_minute: int = 600
    """Of one key; 0 sets no limit."""
    sleep: bool = True
    """Whether users with new turns are slept on in the background."""
    sleep_after: float = 30.0
    """Seconds a user must have been quiet before that."""
    sleep_wait: float = 10.0
    """Most seconds that a sleep waits for its next step while requests have the model; 0 sets no limit."""
    unread: float = 60.0
    """Seconds that a client may leave what it is sent unread; then it is cut off."""
    drain: int = 30
    """Seconds that requests under way are given to end when the server is stopped."""

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected 1 or more")
        for name in ("requests_per_minute", "sleep_after", "sleep_wait", "drain"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected 0 or more")
        if not self.unread > 0:
            raise ValueError(f"unread is {self.unread}, expected more than 0")
        if not 0 <= self.port < 1 << 16:
            raise ValueError(f"port is {self.port}, expected 0 to 65535")
