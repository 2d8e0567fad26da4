"""Tide gauges: read, smooth, warn."""

__version__ = "1.4.0"
