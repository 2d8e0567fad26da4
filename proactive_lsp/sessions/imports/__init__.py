"""Recordings that other tools made, as sessions of ours; what they cannot become is counted."""
