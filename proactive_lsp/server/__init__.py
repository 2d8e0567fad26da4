"""The protocol edge: pygls and lsprotocol appear here alone, and nothing here decides anything."""
