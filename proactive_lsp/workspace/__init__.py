"""The user's files: open documents, the tree below them, and what can be found in it."""
