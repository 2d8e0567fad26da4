package org.example.mill;

import java.util.List;

/** What a day's readings come to. */
public final class DayTotals {
    private final double litres;
    private final int count;

    private DayTotals(double litres, int count) {
        this.litres = litres;
        this.count = count;
    }

    /** Adds up the readings of one day. */
    public static DayTotals of(List<Reading> readings) {
        double sum = 0;
        for (Reading reading : readings) {
            sum += reading.litres();
        }
        return new DayTotals(sum, readings.size());
    }

    public double litres() {
        return litres;
    }

    public double mean() {
        return count == 0 ? 0 : litres / count;
    }
}
