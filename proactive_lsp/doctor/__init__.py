"""The command `doctor`: what is there, whether it works, and what to do next."""
