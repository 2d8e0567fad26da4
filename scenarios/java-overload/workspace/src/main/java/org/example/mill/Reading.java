package org.example.mill;

/** One reading of the gauge above the wheel. */
public final class Reading {
    private final int minute;
    private final double litres;

    public Reading(int minute, double litres) {
        this.minute = minute;
        this.litres = litres;
    }

    public int minute() {
        return minute;
    }

    public double litres() {
        return litres;
    }
}
