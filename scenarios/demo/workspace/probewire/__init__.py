"""Talk to the instruments on a laboratory bench."""
