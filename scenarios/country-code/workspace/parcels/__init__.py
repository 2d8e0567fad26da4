"""Prices, labels and the monthly report of a mail-order shop's parcels."""
