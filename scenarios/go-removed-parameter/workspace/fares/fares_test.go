package fares

import "testing"

func TestPrice(t *testing.T) {
	cases := []struct {
		name  string
		trip  Trip
		class string
		want  float64
	}{
		{"short", Trip{Miles: 5}, "second", 4.5},
		{"first class", Trip{Miles: 5}, "first", 7.2},
		{"with a bicycle", Trip{Miles: 5, Bicycle: true}, "second", 7.5},
	}
	for _, c := range cases {
		if got := Price(c.trip, c.class, "EUR"); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
