"""python -m tests.real_model --serve: the model runs until Ctrl-C; settings for it are printed."""

import argparse
import shlex
import signal
import threading

from tests.real_model.serving import served_model


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_model", description=__doc__)
    parser.add_argument("--serve", action="store_true", required=True)
    parser.add_argument("--slots", type=int, default=1, help="requests answered at a time")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with served_model(options.slots) as served:
        for name, value in served.environment.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
