"""A sentence is of one language, with the marks of that language, wherever the program writes it."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from typing import Any

from farthing.commands.printing import load_everything
from farthing.kit.errors import Code
from tests.tidy.tree import ROOT, SOURCE, nothing, tracked

H = r"\u4e00-\u9fff"
HAN = re.compile(f"[{H}]")
HALF = re.compile(rf"[{H}”）》][,;:?!()]|[,;:?!()][{H}“（《]")
BOTH = re.compile(rf"[A-Za-z]{{2,}}[^{H}]* / [A-Za-z ]*[{H}]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAME = re.compile(r"[\w.:*/+-]+| MiB")
PLACE = re.compile(r"\{[^{}]*\}")
TIME_OR_PORT = re.compile(r"一:(?:00|一 提供服务)")
BROUGHT = "payments/home"
OF_OTHERS = (
    "credit/bills/", "credit/lexicon.py", "credit/refunds.py", f"{BROUGHT}/layouts.py", f"{BROUGHT}/legs.py",
    f"{BROUGHT}/tables.py", "voice/cases/scrubber.py",
)  # fmt: skip
"""Where formats that others write are read: their marks are theirs."""
OF_TWO = ("evidence/checker/", "evidence/howto.py", "funding/holdings/rules.py", "signing/pdf.py")
"""What is handed to whoever reads either: a package's verifier, the name of a signature field."""
ONE_WORD = {
    "安全员": "安全管理员", "两人同意": "双人复核", "第二人批准": "第二人复核", "第二人同意": "第二人复核",
    "人工复查": "人工复核", "复议": "人工复核", "风险人员": "风控人员", "风险管理员": "风控人员", "沙箱": "沙盒",
    "总成本": "息费合计", "营业日期": "营业日", "护栏": "账簿限额", "日志叶": "日志条目", "叶子": "日志条目", "询价": "征询",
    "起草": "拟",
}  # fmt: skip
"""What was called differently here and there, and what it is called."""
SPOKEN = {"pick", "say", "spoken"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text but docstrings; what is filled in later stands as a Han character."""
    within = {
        id(part)
        for node in ast.walk(tree)
        for part in (
            [node.value] if isinstance(node, ast.Expr) else node.values if isinstance(node, ast.JoinedStr) else []
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(each.value) if isinstance(each, ast.Constant) else "一" for each in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            yield node.lineno, PLACE.sub("一", node.value)


def test_chinese_that_the_program_writes_has_chinese_marks() -> None:
    nothing([
        f"{name}:{line}: {text[:80]!r}"
        for name, tree in sources()
        if not name.startswith((*OF_OTHERS, *OF_TWO))
        for line, text in texts(tree)
        if HAN.search(text.replace("一", "")) and HALF.search(TIME_OR_PORT.sub("一", text))
    ])  # fmt: skip


def test_chinese_that_is_data_or_printed_has_chinese_marks() -> None:
    """Contracts and papers, products and policies, catalogues, and the glossary's Chinese column."""
    printed = [path for path in SOURCE.rglob("*") if path.suffix in {".typ", ".po"}]
    data = [path for path in (SOURCE / "data").rglob("*.toml") if path.is_file()]
    lines = [
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in (*printed, *data)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if HAN.search(line) and not line.lstrip().startswith(("#", "//", "msgid"))
    ]
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    lines += [(line, line.split("|")[2]) for line in glossary if line.count("|") > 3]
    nothing([f"{where}: {line.strip()[:80]}" for where, line in lines if HALF.search(TIME_OR_PORT.sub("一", line))])


def test_no_text_is_in_two_languages() -> None:
    nothing([
        f"{name}:{line}: {text[:80]!r}"
        for name, tree in sources()
        if not name.startswith(OF_TWO)
        for line, text in texts(tree)
        if BOTH.search(text.replace("一", ""))
    ])  # fmt: skip


def test_what_is_told_is_told_with_the_colon_of_its_language() -> None:
    def ends(one: Any, other: Any) -> bool:
        call = one.value if isinstance(one, ast.FormattedValue) else None
        named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SPOKEN
        return named and isinstance(other, ast.Constant) and re.match(r"[:;,] ", str(other.value)) is not None

    nothing([
        f"{name}:{node.lineno}: use colon() of commands.language"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and any(map(ends, node.values, node.values[1:]))
    ])  # fmt: skip


def test_one_thing_has_one_word_in_chinese() -> None:
    nothing([
        f"{path.relative_to(ROOT)}: {word}, say {said}"
        for path in tracked()
        if path.suffix in {".py", ".po", ".md", ".toml", ".html"} and path.name not in {"test_languages.py", "CHANGELOG.md"}
        for word, said in ONE_WORD.items()
        if word in path.read_text(encoding="utf-8")
    ])  # fmt: skip


def code_of(call: ast.Call, module: Any) -> Code | None:
    """The refusal that a call makes, by the names of its module."""
    found = call.func
    if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name):
        owner = getattr(module, found.value.id, None)
        return known if isinstance(known := getattr(owner, found.attr, None), Code) else None
    if isinstance(found, ast.Name):
        return known if isinstance(known := getattr(module, found.id, None), Code) else None
    return None


def worded(node: ast.AST) -> list[str]:
    """The texts of an expression, without those that choose something (``row["due_at"]``) or go into a call, other than Words."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.Subscript):
        return []
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id == "Words"):
        return []
    return [text for each in ast.iter_child_nodes(node) for text in worded(each)]


def english(value: ast.expr) -> bool:
    """Whether a fact is made of English words and has no Chinese beside them; a name or an address is no words."""
    said = worded(value)
    told = " ".join(said)
    return bool(ENGLISH.search(told)) and not HAN.search(told) and not all(map(NAME.fullmatch, said))


def test_a_fact_that_is_words_of_ours_is_told_in_both_languages() -> None:
    load_everything()
    found = []
    for name, tree in sources():
        if "/migrations/" in name or name.endswith("__main__.py"):
            continue
        module = importlib.import_module(
            "farthing." + name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        )
        for node in ast.walk(tree):
            code = code_of(node, module) if isinstance(node, ast.Call) else None
            if code is not None:
                found += [
                    f"{name}:{node.lineno}: {code.name}, {fact.arg}: give Words"
                    for fact in node.keywords
                    if fact.arg and re.search(rf"\{{{fact.arg}[}}!:]", code.zh) and english(fact.value)
                ]  # fmt: skip
    nothing(found)


def test_the_checks_see_what_they_are_for() -> None:
    tree = ast.parse('a = f"{pick(x)}: {y}"\nb = "账户 {a},余额"\nc = "a PDF / 一个文件"')
    said = [text for _, text in texts(tree)]
    assert any(HALF.search(each) for each in said) and any(BOTH.search(each) for each in said)
    assert english(ast.parse('"it is not installed"', mode="eval").body)
    assert not english(ast.parse('Words("it is", "尚未")', mode="eval").body) and not english(
        ast.parse('row["due_at"]', mode="eval").body
    )
