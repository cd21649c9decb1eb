"""Files and functions stay small, documented, finished, and import at the top (design, sections 2 and 11)."""

from __future__ import annotations

import ast
import re

from tests.tidy.tree import File, files, nothing, tracked

FILE_LINES = 400
FUNCTION_LINES = 60
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")


def test_files_stay_under_400_lines() -> None:
    nothing([
        f"{file.name}: {count} lines" for file in files() if (count := len(file.text.splitlines())) >= FILE_LINES
    ])  # fmt: skip


def test_functions_stay_under_60_lines() -> None:
    nothing([
        file.at(node, f"{node.name} has {count} lines")
        for file in files()
        for node in file.functions()
        if (count := (node.end_lineno or node.lineno) - node.lineno + 1) >= FUNCTION_LINES
    ])  # fmt: skip


def test_modules_say_what_they_own() -> None:
    nothing([f"{file.name}: no module docstring" for file in files() if file.text and not ast.get_docstring(file.tree)])


def _public(file: File, body: list[ast.stmt], inside: str = "") -> list[str]:
    problems: list[str] = []
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            problems.append(file.at(node, f"{inside}{node.name} has no docstring"))
        if isinstance(node, ast.ClassDef):
            problems += _public(file, node.body, f"{node.name}.")
    return problems


def test_public_names_have_docstrings() -> None:
    nothing([problem for file in files() for problem in _public(file, file.tree.body)])


def in_two_languages(file: File) -> list[str]:
    """Classes that hold a text in English and Chinese and nothing else, as ``Words`` does."""
    return [
        file.at(node, f"{node.name} is another Words")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ClassDef) and file.name != "kit/words.py"
        if {each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)}
        == {"en", "zh"}
    ]  # fmt: skip


def test_a_text_in_two_languages_is_one_type() -> None:
    nothing([problem for file in files() for problem in in_two_languages(file)])
    twin = "class Text:\n    zh: str\n    en: str"
    assert in_two_languages(File(files()[0].path, twin, ast.parse(twin)))


def test_no_import_inside_a_function() -> None:
    nothing([
        file.at(node, f"import inside {function.name}")
        for file in files()
        for function in file.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ])  # fmt: skip


LATER = {
    "cli.py": "farthing.",
    "bank/certificates.py": "farthing.signing.",
    "commands/quote.py": "farthing.commands.",
    "db/migrate.py": "farthing.db.",
    "kit/keys/places.py": "farthing.kit.keys.",
    "signing/service.py": "farthing.signing.",
    "signing/typesetting.py": "typst",
    "commands/credit_features.py": "farthing.credit.batch.",
    "credit/bills/sheet.py": "msoffcrypto.",
    "credit/bills/write.py": "openpyxl",
    "credit/bills/archive.py": "pyzipper:",
    "credit/bills/certificates/pages.py": "pypdf",
    "signing/sandbox_paper.py": "pyhanko",
    "town/wallet/issuing.py": "pyzipper:",
    "credit/training/card_fit.py": "optbinning",
    "credit/training/fitting.py": "sklearn.",
    "credit/training/trees_fit.py": "lightgbm",
    "commands/credit.py": "farthing.credit.training.",
    "commands/topics.py": "farthing.",
    "voice/topics/fitting.py": "sklearn.",
    "signing/acts/making_service.py": "farthing.signing.",
    "signing/custody/service.py": "farthing.signing.",
    "signing/renewal/service.py": "farthing.signing.",
}
"""Who may import by name when needed (``kit/later.py``), and where alone it may reach."""


def test_who_imports_later_is_listed_and_stays_at_home() -> None:
    problems = []
    for file in files():
        users = [name for _, name in file.imports() if name.startswith("farthing.kit.later.")]
        if users and file.name not in LATER:
            problems.append(f"{file.name}: imports later, and is not in the list")
        places = re.findall(r"(?:load|Later)\(f?\"([^\"]*)\"\)", file.text) if users else []
        problems += [
            f"{file.name}: reaches {place} later" for place in places if not place.startswith(LATER.get(file.name, " "))
        ]
    nothing(problems)
    assert {file.name for file in files()} >= set(LATER)


def test_no_import_hidden_from_the_running_program() -> None:
    word = "TYPE_" + "CHECKING"
    nothing([f"{file.name}: {word}" for file in files() if word in file.text])


def test_nothing_is_left_for_later() -> None:
    nothing([
        f"{path.name}:{number}: {line.strip()}"
        for path in tracked()
        if path.suffix in {".py", ".sql", ".html", ".typ", ".toml", ".md"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line) and "No TO" + "DO" not in line
    ])  # fmt: skip
