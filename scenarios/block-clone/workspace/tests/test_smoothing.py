from tides.smoothing import running_mean, running_median, slopes

LEVELS = [1.0, 1.2, 1.1, 9.0, 1.3, 1.2, 1.4]


def expected_windows(levels, width):
    found = []
    for start in range(len(levels) - width + 1):
        found.append(tuple(levels[start : start + width]))
    return found


def test_as_many_values_as_windows():
    count = len(expected_windows(LEVELS, 3))
    assert len(running_mean(LEVELS, 3)) == count
    assert len(running_median(LEVELS, 3)) == count


def test_a_wave_leaves_no_trace_in_the_median():
    assert max(running_median(LEVELS, 3)) == 1.3
    assert max(running_mean(LEVELS, 3)) > 3


def test_slopes_are_one_fewer():
    assert slopes([1.0, 1.5, 1.2]) == [0.5, -0.3]
