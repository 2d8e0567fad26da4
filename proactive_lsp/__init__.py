"""A language server that notices what you are doing and offers the next task as a code action."""

__version__ = "0.1.0"
