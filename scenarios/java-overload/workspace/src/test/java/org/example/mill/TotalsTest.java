package org.example.mill;

import java.util.List;

class TotalsTest {
    static void addsUp() {
        DayTotals totals = DayTotals.of(List.of(new Reading(1, 20), new Reading(2, 40)));
        assert totals.litres() == 60;
        assert totals.mean() == 30;
    }
}
