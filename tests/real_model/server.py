"""python -m tests.real_model.server GGUF: llama.cpp's own server in this process.

Prints its address once it serves, and ends when its standard input does: with whoever started it.
"""

import argparse
import sys

import xllamacpp

# Tokens that the model was trained to hold at once, its answer counted.
CONTEXT = 8192


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.real_model.server", description=__doc__)
    parser.add_argument("gguf")
    parser.add_argument("--name", required=True, help="what the model calls itself")
    parser.add_argument("--slots", type=int, default=1, help="requests answered at a time")
    options = parser.parse_args()
    server = xllamacpp.Server(_parameters(options.gguf, options.name, options.slots))
    print(server.listening_address, flush=True)
    sys.stdin.read()


def _parameters(gguf: str, name: str, slots: int) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = gguf
    parameters.model_alias = {name}
    parameters.port = 0  # a free one
    parameters.n_parallel = slots
    parameters.n_ctx = CONTEXT * slots  # shared out among them
    # Of two, each waits for the other at every step: on a busy machine that is 20 times slower.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.ui = False
    return parameters


if __name__ == "__main__":
    main()
