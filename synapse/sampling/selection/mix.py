"""How many records of each category a sample of a size should have."""

from synapse.sampling.selection.options import Options

SMALL = 10
# Below three records there is no room for one of each.
ROOM_FOR_EACH = 3


def shared_out(size: int, shares: dict[str, int]) -> dict[str, int]:
    """Largest remainder; of equal remainders the larger share, then the earlier one comes first."""
    whole = sum(shares.values())
    seats = {name: size * share // whole for name, share in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (-(size * shares[name] % whole), -shares[name]))
    for name in by_remainder[: size - sum(seats.values())]:
        seats[name] += 1
    return seats


def quotas(options: Options) -> dict[str, int]:
    """Seats a category: with three or more, none that was asked for goes without.

    A small sample (up to ten) has at least one anomaly and one boundary record; any sample has at
    least one clean record, since each attribute must be seen once where nothing is wrong.
    """
    seats = shared_out(options.size, options.mix)
    if options.size >= ROOM_FOR_EACH:
        due = ("anomaly", "boundary", "clean") if options.size <= SMALL else ("clean",)
        for name in due:
            if options.mix[name] and not seats[name]:
                seats[_giver(seats, options)] -= 1
                seats[name] = 1
    return seats


def _giver(seats: dict[str, int], options: Options) -> str:
    """Who has more than one seat, and most over its exact share."""
    able = [name for name, count in seats.items() if count > 1]
    return max(able, key=lambda name: 100 * seats[name] - options.size * options.mix[name])


def make_room(seats: dict[str, int], taken: dict[str, int]) -> dict[str, int]:
    """Seats after records named by the tester took theirs, of another category where need be."""
    seats = dict(seats)
    for name, count in taken.items():
        while seats[name] < count:
            free = {other: seats[other] - taken.get(other, 0) for other in seats if other != name}
            seats[max(free, key=free.get)] -= 1
            seats[name] += 1
    return seats
