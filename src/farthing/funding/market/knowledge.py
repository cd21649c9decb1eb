"""Own ``KnowledgeTest``: what somebody should know who lends, as data, and how it is marked. Pure but for the program's files.

File: ``data/knowledge/lender.toml``. Never a wall: what was wrong is explained, and the test may be taken again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from farthing.kit.errors import malformed
from farthing.kit.shipped import DATA
from farthing.kit.tables import Table, parse
from farthing.kit.words import Words
from farthing.products import reading

PATH = DATA / "knowledge" / "lender.toml"
CHOICES = ("a", "b", "c")

NOT_ANSWERED = malformed(
    "market.test_not_answered",
    "Question {question} needs one of the answers {choices}.",
    "题目 {question} 须从 {choices} 中选择一项作答。",
)
NO_QUESTION = malformed(
    "market.test_no_question", "The test has no question {question}.", "测试中没有题目 {question}。"
)


@dataclass(frozen=True, slots=True)
class LenderQuestion:
    """One question, and what may be answered, by letter."""

    id: str
    asks: Words
    choices: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer, the right one, and why it is right."""

    question: str
    answered: str
    right: str
    why: Words


@dataclass(frozen=True, slots=True)
class KnowledgeTest:
    """The questions in their order; ``pass_mark`` right answers pass. ``key``: by question the right letter and why."""

    name: Words
    pass_mark: int
    questions: tuple[LenderQuestion, ...]
    key: Mapping[str, tuple[str, Words]]

    def marked(self, answers: Mapping[str, str]) -> tuple[Explained, ...]:
        """Every answer with the right one; refuses ``market.test_not_answered`` and ``market.test_no_question``."""
        for name in answers:
            if name not in self.key:
                raise NO_QUESTION(question=name)
        for question in self.questions:
            if answers.get(question.id) not in question.choices:
                raise NOT_ANSWERED(question=question.id, choices=", ".join(question.choices))
        return tuple(Explained(each.id, answers[each.id], *self.key[each.id]) for each in self.questions)


def decode(file: str, source: str) -> KnowledgeTest:
    """The test that a file says, strictly; refuses ``products.*`` by file and key."""
    table = parse(file, source, reading.as_law, quoted=True)
    found = table.many("questions", lambda one: _question(one.table("questions")))
    questions = tuple(question for question, _, _ in found)
    key = {question.id: (right, why) for question, right, why in found}
    test = KnowledgeTest(table.words("name"), table.whole("pass_mark", 1, len(questions)), questions, key)
    table.close()
    if len(key) < len(questions):
        raise table.wrong("questions", "name a question twice", "同一题目出现两次")
    return test


def _question(table: Table) -> tuple[LenderQuestion, str, Words]:
    asked = LenderQuestion(table.text("id"), table.words("asks"), {letter: table.words(letter) for letter in CHOICES})
    right, why = table.choice("right", CHOICES), table.words("why")
    table.close()
    return asked, right, why


@cache
def shipped() -> KnowledgeTest:
    """The test that comes with the program."""
    return decode(PATH.name, PATH.read_text(encoding="utf-8"))
