"""Own the opening of the archive that a wallet's paper comes in: one file, behind a password that came another way. Pure.

ZIP by its old cipher or by AES. What an archive says of itself is not believed: it is unpacked piece by piece against a bound,
and no name in it is ever a path here.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from farthing.credit.bills.model import ARCHIVE, LOCKED, MAXIMUM_BYTES, TOO_LARGE, TRUNCATED, WRONG_PASSWORD
from farthing.credit.bills.sheet import PACKED
from farthing.kit.later import load

_PIECE = 256 * 1024
_DAMAGED = TRUNCATED(problem="the archive is cut or damaged", problem_zh="压缩包被截断或损坏")
_SEVERAL = ARCHIVE(problem="it holds several files, or none", problem_zh="其中没有文件或有多个文件")
_WITHIN = ARCHIVE(problem="an archive lies in it", problem_zh="其中还有压缩包")
_PATH = ARCHIVE(problem="its file's name is a path", problem_zh="其中的文件名是路径")


def is_workbook(content: bytes) -> bool:
    """Whether a ZIP is an XLSX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.NameToInfo
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True  # damaged: whoever reads workbooks says so


def only_file(content: bytes, password: str) -> bytes:
    """The one file in an archive.

    Refuses ``credit.bill_archive``, ``credit.bill_locked``, ``credit.bill_wrong_password``, ``credit.bill_too_large``,
    ``credit.bill_truncated``.
    """
    wrong = load("pyzipper:BadZipFile"), zipfile.BadZipFile, RuntimeError
    broken = zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, KeyError, IndexError
    try:
        archive = load("pyzipper:AESZipFile")(io.BytesIO(content))
    except (*wrong, *broken):
        raise _DAMAGED from None
    with archive:
        entries = archive.infolist()
        if len(entries) != 1 or entries[0].is_dir():
            raise _SEVERAL
        (entry,) = entries
        if "/" in entry.filename or "\\" in entry.filename or entry.filename.startswith("."):
            raise _PATH
        if entry.flag_bits & 0x1 and not password:
            raise LOCKED()
        try:
            with archive.open(entry, pwd=password.encode() or None) as opened:
                found = bytearray()
                while piece := opened.read(_PIECE):
                    found += piece
                    if len(found) > MAXIMUM_BYTES:
                        raise TOO_LARGE(limit=f"{MAXIMUM_BYTES // 1024**2} MiB")
        except wrong as error:
            if entry.flag_bits & 0x1:
                raise WRONG_PASSWORD() from None
            raise _DAMAGED from error
        except broken:
            # The old cipher lets one wrong password in 256 through, which then unpacks to nonsense.
            raise (WRONG_PASSWORD() if entry.flag_bits & 0x1 else _DAMAGED) from None
    if found[:2] == PACKED and not is_workbook(bytes(found)):
        raise _WITHIN
    return bytes(found)
