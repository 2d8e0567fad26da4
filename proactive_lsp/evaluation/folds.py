"""Deal what belongs together into folds, so that no group is on both sides of a split."""

from collections import Counter
from collections.abc import Hashable, Sequence


def deal(groups: Sequence[Hashable], folds: int) -> tuple[int, ...]:
    """For each row the number of its fold, the same for all rows of a group.

    The largest group comes first, each into the fold with the fewest rows so far; ties go by the
    order of the rows. With fewer groups than folds some folds stay empty.

    >>> deal(["a", "b", "b", "c"], 2)
    (1, 0, 0, 1)
    """
    sizes = [0] * folds
    fold_of: dict[Hashable, int] = {}
    # Groups of one size stay in the order in which they first come.
    for group, size in Counter(groups).most_common():
        fold = sizes.index(min(sizes))
        fold_of[group] = fold
        sizes[fold] += size
    return tuple(fold_of[group] for group in groups)
