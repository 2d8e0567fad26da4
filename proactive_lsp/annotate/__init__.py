"""A local page on which people say what a suggestion was worth and where one was missing."""
