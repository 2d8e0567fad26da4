// Package fares says what a crossing costs.
package fares

import "math"

// Trip is one crossing of one passenger.
type Trip struct {
	From, To string
	Miles    float64
	Bicycle  bool
}

// Price returns what a trip costs in a class, in the given currency.
func Price(trip Trip, class string, currency string) float64 {
	price := 2.5 + 0.4*trip.Miles
	if trip.Bicycle {
		price += 3
	}
	if class == "first" {
		price *= 1.6
	}
	return math.Round(price*100) / 100
}

// Cheapest returns the lowest price of some trips, 0 for none.
func Cheapest(trips []Trip) float64 {
	lowest := 0.0
	for _, trip := range trips {
		price := Price(trip, "second", "EUR")
		if lowest == 0 || price < lowest {
			lowest = price
		}
	}
	return lowest
}
