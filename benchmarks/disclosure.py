"""Random towns published several times each: can anybody who knows all of it tell that a hidden number is small?

    python benchmarks/disclosure.py --towns 60

Every town is published with other scenarios, last years, migration, bands of ages and stricter limits, and with and
without districts. The attacker
(tests/output/attack.py, linear programming, independent of the code that protects) knows everything that was published
of the base year and asks what each cell of 1 to 4 persons can be at most. A town is safe if the answer is 5 or more for
all of them. With ``--blank`` only small cells are hidden, to see the attack succeed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.output.attack import Attacker
from tests.output.conftest import make_city
from zwkprognose.errors import OutputError
from zwkprognose.output import publish
from zwkprognose.output.publication import protection

#: Levels of in-moves by scenario, and the last year, of every publication.
PUBLICATIONS = (({"middle": 1.0}, 2022), ({"lower": 0.3, "upper": 2.0}, 2040), ({"none": 0.0}, 2030))

#: Bands and limits of further publications of the same town.
OPTIONS: tuple[dict[str, Any], ...] = (
    {"first_ages": (0, 6, 20, 65), "broad_ages": (0, 20, 65)},
    {"first_ages": (0, 18, 67), "broad_ages": (0, 18, 67)},
    {"first_ages": range(96), "broad_ages": (0, 80)},
    {"min_cell": 9},
    {"min_cell": 7, "first_ages": (0, 20, 85), "broad_ages": (0, 20), "single_ages_from": 1},
)


def attacked(seed: int, at_most: int) -> float:
    """The smallest bound that the attacker finds in one random town."""
    rng = np.random.default_rng(seed)
    sizes = tuple(np.round(10 ** rng.uniform(0.5, 4.0, rng.integers(1, 9))))
    towns = [make_city(sizes, scenarios=levels, until=until, seed=seed) for levels, until in PUBLICATIONS]
    districts = {str(key): str(rng.choice(["Nord", "Mitte", "Süd"])) for key in towns[0]["area"].values}
    try:
        publications = [*(publish(town) for town in towns), publish(towns[0], districts=districts)]
        publications += [publish(towns[0], **options) for options in OPTIONS]
    except OutputError:  # the whole is a few persons: nothing is published
        return float("inf")
    truth = publish(towns[0], internal=True, districts=districts)
    return Attacker(truth, publications, districts=districts).worst(at_most)


def main() -> int:
    """Attack the towns and print how many are safe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--towns", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="seed of the first town")
    parser.add_argument("--cells", type=int, default=25, help="small cells attacked in every town")
    parser.add_argument("--blank", action="store_true", help="hide only small cells")
    asked = parser.parse_args()
    if asked.blank:
        protection._Layer._gives_away = lambda *_: False  # type: ignore[method-assign]
    bounds = {seed: attacked(seed, asked.cells) for seed in range(asked.first, asked.first + asked.towns)}
    given = [seed for seed, bound in bounds.items() if bound < 5 - 1e-6]
    print(f"{asked.towns} towns, {len(given)} give a small number away: {given}")
    return 1 if given else 0


if __name__ == "__main__":
    raise SystemExit(main())
