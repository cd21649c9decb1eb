"""Own the process that reads one upload and ends: limits first, then the file from stdin, the answer to stdout.

``python -m farthing.credit.bills.child MIB SECONDS``: the first line is the password as JSON, the rest is the file.
It has no database, no network and nothing of the bank's environment; whatever a file makes of it stays in it.
"""

from __future__ import annotations

import json
import resource
import sys

from farthing.credit.bills import wire
from farthing.credit.bills.model import TOO_HARD
from farthing.credit.bills.read import read_bill
from farthing.kit.errors import Refusal


def limit(mebibytes: int, seconds: int) -> None:
    """Bound what this process may use, for good: memory, processor, files, and no core file."""
    size = mebibytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def main() -> None:
    """Read the upload; answer the bill, or the refusal."""
    mebibytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    limit(mebibytes, seconds)
    try:
        password = str(json.loads(sys.stdin.buffer.readline()))
        answer = wire.written(read_bill(sys.stdin.buffer.read(), password)).encode()
    except Refusal as refusal:
        answer = wire.refused(refusal).encode()
    except (MemoryError, RecursionError):
        answer = wire.refused(TOO_HARD(limit=f"{mebibytes} MiB")).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
