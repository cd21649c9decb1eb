"""Run a reader that stands ready: ``python -m farthing.credit.bills.ready_service``, with the socket of uploads at stdin.

It reads nothing itself. Each upload is read by a fork of it (:mod:`farthing.credit.bills.child`), which ends with its file.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import traceback
from typing import NoReturn

from farthing.credit.bills import child


def stand() -> None:
    """Fork for each upload that is handed over by the socket at stdin, and tell there how the fork ended."""
    control = socket.socket(fileno=os.dup(0))
    gc.freeze()  # so that a fork copies nothing of what it only looks at
    while True:
        limits, files, _, _ = socket.recv_fds(control, 64, 2)
        if not limits:
            return
        fork = os.fork()
        if fork == 0:
            _read_one(limits.decode(), files)
        for each in files:
            os.close(each)
        _, status = os.waitpid(fork, 0)
        control.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _read_one(limits: str, files: list[int]) -> NoReturn:
    """Read the upload, with nothing open but where it comes from and where the answer and the complaints go; and end."""
    code = 1
    try:
        for number, each in enumerate((files[0], files[0], files[1])):
            os.dup2(each, number)
        os.closerange(3, 64)
        sys.argv[1:] = limits.split()
        child.main()
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    stand()
