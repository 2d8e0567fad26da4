"""Environments and simulated users that live through sessions nobody recorded."""
