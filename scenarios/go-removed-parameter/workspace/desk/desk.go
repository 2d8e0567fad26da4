// Package desk prints what a passenger is told.
package desk

import (
	"fmt"
	"io/ioutil"

	"example.org/ferry/fares"
)

// Ticket is the line on a ticket.
func Ticket(trip fares.Trip, class string) string {
	return fmt.Sprintf("%s to %s: %.2f", trip.From, trip.To, fares.Price(trip, class, "EUR"))
}

// Quote reads a note and puts the price of a trip below it.
func Quote(path string, trip fares.Trip) (string, error) {
	note, err := ioutil.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("no note for %s: %w", trip.To, err)
	}
	price := fares.Price(trip, "second", "EUR")
	return fmt.Sprintf("%s\n%.2f\n", note, price), nil
}
