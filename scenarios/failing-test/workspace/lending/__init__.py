"""A village library's loans."""
