"""Own how the command line says no to what no rule refused: files, settings, a database that is away, a port in use.

One table of exceptions for all commands. Never hides a mistake of our own: what is not listed here keeps its traceback.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from farthing.commands.language import say
from farthing.db.server import Unavailable
from farthing.kit.errors import Refusal, conflict, declined, malformed
from farthing.kit.words import Words

FILE = malformed(
    "commands.file_unusable",
    "{name} cannot be used: {problem}. Give another file or folder.",
    "无法使用 {name}：{problem_zh}。请另选文件或目录。",
)
NOT_TEXT = malformed(
    "commands.file_not_text",
    "The file is not UTF-8 text: byte {position} cannot be read. Save it as UTF-8.",
    "该文件不是 UTF-8 文本：第 {position} 字节无法读取。请另存为 UTF-8。",
)
SETTING = malformed(
    "commands.setting_invalid",
    "The setting {name} is {value}: {problem}. Change the environment variable or the line in .env.",
    "设置 {name} 的值 {value} 不可用（{problem}）。请修改该环境变量或 .env 中的对应行。",
)
AWAY = declined(
    "commands.database_away",
    "The database cannot answer: {problem}. Check FARTHING_DATABASE_URL and that the server runs, then try again.",
    "数据库没有应答：{problem}。请检查 FARTHING_DATABASE_URL 以及服务器是否运行，然后重试。",
)
PORT = conflict(
    "commands.port_unusable",
    "Cannot serve at {host}:{port}: {problem}. Stop what serves there, or choose another FARTHING_PORT or FARTHING_HOST.",
    "无法在 {host}:{port} 提供服务：{problem_zh}。请停止占用该端口的程序，或另设 FARTHING_PORT、FARTHING_HOST。",
)
NEGATIVE = malformed(
    "commands.negative_amount",
    "{text} begins with a minus and amounts here are above zero; to say it all the same, write -- before it.",
    "{text} 以减号开头，而此处金额应大于零；如确需如此，请在其前写 --。",
)

_CHINESE: dict[type[OSError], str] = {
    FileNotFoundError: "不存在",
    IsADirectoryError: "是目录，不是文件",
    NotADirectoryError: "路径中有一段不是目录",
    PermissionError: "没有权限",
    FileExistsError: "已经存在",
}
_ADDRESS_IN_USE = "地址已被占用或不属于本机"


def chinese(error: OSError) -> str:
    """What the system said, in Chinese where it is one of the common cases."""
    return _CHINESE.get(type(error), f"系统错误 {error.errno}")


def named_source(file: Path) -> tuple[str, str]:
    """The name that a product file gives its product, and its text; refuses ``commands.file_unusable``."""
    if file.suffix != ".toml":
        wrong, wrong_zh = "a product is named by a file NAME.toml", "产品以文件名 名称.toml 命名"
        raise FILE(name=str(file), problem=wrong, problem_zh=wrong_zh)
    return file.stem, file.read_text(encoding="utf-8")


def refused(error: Exception) -> Refusal | None:
    """The refusal by which an exception of the surroundings is told, or none: then it is our bug."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Unavailable):
        return AWAY(problem=str(error).strip().rstrip("."))
    if isinstance(error, OSError):
        said = error.strerror or str(error) or type(error).__name__
        return FILE(name=error.filename or Words("a file", "文件"), problem=said, problem_zh=chinese(error))
    if isinstance(error, UnicodeDecodeError):
        return NOT_TEXT(position=error.start)
    if isinstance(error, ValidationError) and error.title == "Settings":
        wrong = error.errors()[0]
        name = f"FARTHING_{'_'.join(map(str, wrong['loc'])).upper()}"
        return SETTING(name=name, value=repr(wrong["input"])[:80], problem=wrong["msg"].removeprefix("Value error, "))
    return None


MISUSED = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError, PermissionError)
"""What the system says of a file that somebody named: give another one."""
SURROUNDINGS = {AWAY.name, PORT.name, SETTING.name}


def exit_code(error: Exception) -> int:
    """2 where it was refused or misused; 3 where nobody could have done better here: a database that is away, a disk that
    is full, a setting that is wrong, or a mistake of our own."""
    if isinstance(error, OSError) and not isinstance(error, Unavailable):
        return 2 if isinstance(error, MISUSED) else 3
    refusal = refused(error)
    return 3 if refusal is None or refusal.code in SURROUNDINGS else 2


def said(refusal: Refusal) -> str:
    """A refusal as it is told: its code, and the sentence in the language that is spoken."""
    return f"{refusal.code}: {say(refusal.detail, refusal.detail_zh)}"


def port_unusable(host: str, port: int, error: OSError) -> Refusal:
    """The refusal of an address that cannot be served at."""
    known = _CHINESE.get(type(error), _ADDRESS_IN_USE)
    return PORT(host=host, port=port, problem=error.strerror or str(error), problem_zh=known)
