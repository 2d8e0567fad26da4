"""Have the local model write what an accepted task wants, as places that have their text."""
