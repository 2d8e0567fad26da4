"""What happened in a session, and over days, as a page to read."""
