"""Recorded sessions as files of the user's: list, look, trim, redact, import, capture."""
