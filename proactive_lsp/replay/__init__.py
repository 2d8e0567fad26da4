"""Recorded sessions: read and write them, live through them again, compare with their labels."""
