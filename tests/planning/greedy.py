"""Stands in for the child process where a file makes its reader misbehave as its bytes say."""

import json
import os
import signal
import sys
import tempfile
from types import SimpleNamespace

from synapse.planning.taking import child, limits


def read(content: bytes, tell) -> tuple[list[str], int]:
    if content == b"memory":
        bytearray(limits.MEMORY)
    elif content == b"time":
        tell(1, 2)
        signal.pause()
    elif content == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif content == b"environment":
        return [json.dumps(dict(os.environ))], 0
    elif content == b"write":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            with tempfile.TemporaryFile(buffering=0) as stream:
                stream.write(b"x")
        except OSError:
            return ["refused"], 0
    return ["nothing stopped it"], 0


if __name__ == "__main__":
    reader = SimpleNamespace(read=read)
    child.importlib = SimpleNamespace(import_module=lambda name: reader)
    child.main(sys.argv[1], int(sys.argv[2]))
