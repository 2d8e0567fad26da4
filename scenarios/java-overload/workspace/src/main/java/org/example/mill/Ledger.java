package org.example.mill;

import java.util.ArrayList;
import java.util.List;

/** The totals of many days. */
public final class Ledger {
    private final List<DayTotals> days = new ArrayList<>();

    public void close(List<Reading> readings) {
        days.add(DayTotals.of(readings));
    }

    public double litres() {
        double sum = 0;
        for (DayTotals day : days) {
            sum += day.litres();
        }
        return sum;
    }
}
