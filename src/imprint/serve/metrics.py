"""What /metrics shows: counts and seconds, never an id or a word of a user."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = into = CollectorRegistry()
        self.requests = Counter("imprint_requests", "Requests answered", ["route", "status"], registry=into)
        self.seconds = Histogram(
            "imprint_request_seconds", "Until the last byte", ["route"], buckets=_SECONDS, registry=into
        )
        self.queue = Gauge("imprint_queue_length", "Requests that wait for the model", registry=into)
        self.rows = Gauge("imprint_rows", "Answers being made", registry=into)
        self.batch_rows = Histogram(
            "imprint_batch_rows", "Rows of a decoding step", buckets=(1, 2, 4, 8, 16, 32, 64, 128), registry=into
        )
        self.prompt = Counter("imprint_prompt_tokens", "Tokens of prompts", registry=into)
        self.soft = Counter("imprint_soft_tokens", "Positions that memories took in prompts", registry=into)
        self.generated = Counter(
            "imprint_generated_tokens", "Tokens generated; their rate is tokens a second", registry=into
        )
        self.first = Histogram(
            "imprint_first_token_seconds", "From the request to its first token", buckets=_SECONDS, registry=into
        )
        self.turns = Counter("imprint_turns_heard", "Turns added to ledgers", registry=into)
        self.sleeps = Counter("imprint_sleeps", "Sleeps that ended", ["outcome"], registry=into)
        self.sleep_waiting = Gauge("imprint_sleep_waiting", "Users with turns that are not consolidated", registry=into)
        self.sleeping = Gauge("imprint_sleeping", "1 while somebody is slept on", registry=into)
        self.users = Gauge("imprint_users", "Users in the store", registry=into)
        self.memory_bytes = Gauge("imprint_memory_bytes", "Newest memories of all users", registry=into)
        self.store_bytes = Gauge("imprint_store_bytes", "Files of the store", registry=into)

    def started(self, seconds: float, prompt: int, soft: int) -> None:
        """A request joined the batch."""
        self.first.observe(seconds)
        self.prompt.inc(prompt)
        self.soft.inc(soft)

    def text(self) -> bytes:
        """In Prometheus' format."""
        return generate_latest(self.registry)
