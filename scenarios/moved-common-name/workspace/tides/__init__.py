"""Tide gauges: read, smooth, warn."""
