"""The command `explain`: where explanations are read from, and how a terminal shows them."""
