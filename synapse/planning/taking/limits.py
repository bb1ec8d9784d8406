"""What a file may ask of us while its text is taken out of it."""

PAGES = 1_000
# 500 parts of 4,000 characters, as many as are drafted from (synapse.planning.specification).
PARTS, CHARACTERS = 500, 2_000_000
# Of wall time, and of the processor; the public 184-page instructions take about 10.
SECONDS, CPU_SECONDS = 300, 240
# Bytes that the child may address; the same instructions need 70 MB.
MEMORY = 1 << 30
# Bytes that a Word file's parts may unpack to.
UNPACKED = 100 * 1024 * 1024
# A page with more drawn objects is read without looking for the lines of its tables.
DRAWN = 20_000


class Fault(Exception):
    """Why no text can be taken out: a code that `text_fault` knows, and its details."""

    def __init__(self, code: str, **details: object):
        super().__init__(code)
        self.code, self.details = code, details


def too_long() -> Fault:
    return Fault("specification_too_long", found=f"more than {PARTS}", limit=PARTS)
