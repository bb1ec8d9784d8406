"""python -m tests.golden FOLDER: writes the golden files there, for `manage.py evaluate`."""

import argparse
import os
import sys
from pathlib import Path

from tests.golden import SPECIFICATIONS, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("folder", type=Path, help="outside the project: the texts aren't ours")
    parser.add_argument(
        "--size", type=int, default=0, help="characters of a case, for a model of short answers"
    )
    options = parser.parse_args()
    folder = options.folder
    sample_data = os.environ.get("SYNAPSE_SAMPLE_DATA")
    if not sample_data:
        print("SYNAPSE_SAMPLE_DATA is not set: real regulatory files are not here")
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for name in SPECIFICATIONS:
        print(write(folder, Path(sample_data), name, options.size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
