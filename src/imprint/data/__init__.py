"""Readers of conversations: files people already have, turned into turns. Formats: `docs/ingest.md`."""

from imprint.data.ids import turn_id
from imprint.data.read import FORMATS, Format, read_conversation

__all__ = ["FORMATS", "Format", "read_conversation", "turn_id"]
