"""Own the nouns of a case. Tables: ``voice_case``, ``voice_said``, ``voice_about``, ``voice_redress``.

What somebody said, remedy, name and phone lie sealed under her own key. Who has no account has an id in the form of a customer's
all the same, which no customer has: her words have a key of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Amount, Code, Day, Few, Id, Note, PersonName, Source, Statement, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.voice.model import Kind, Language

Channel = Literal["page", "counter", "phone", "message", "letter"]
Taken = Literal["phone", "message", "letter", "counter"]
"""How something reached the staff that is no customer's own page."""
State = Literal["open", "answered", "appealed", "closed", "withdrawn"]
"""open: to be answered; answered: its person may agree, ask once more or reopen; appealed: another person is to answer."""
Outcome = Literal["accepted", "redress", "rejected"]
"""accepted: the bank agrees; redress: it makes good without agreeing; rejected: with reasons, and where to go next."""
Pause = Literal["asked", "mediation", "appraisal"]
Act = Literal[
    "received", "added", "classed", "named", "assigned", "extended", "paused", "resumed", "redressed", "answered", "rated",
    "reopened", "appealed", "withdrawn", "closed", "near", "late",
]  # fmt: skip
By = Literal["person", "staff", "day"]
Severity = Annotated[int, Strict(), Field(ge=1, le=3)]
Rating = Annotated[int, Strict(), Field(ge=1, le=5)]
People = Annotated[int, Strict(), Field(ge=1, le=100_000)]
ClassCode = Annotated[str, StringConstraints(strict=True, max_length=3, pattern=r"^([ABC][0-9]{2})?$")]
Speakers = Annotated[tuple[PersonName, ...], Few]


@dataclass(frozen=True, slots=True)
class Speak:
    """Say something to the bank in one's own words: a complaint, praise, an idea or a question; ``remedy``: what one wants done.

    ``people``: of a group, how many it speaks for, and the names of its ``speakers``.
    """

    party_id: Id
    kind: Kind
    words: Note = personal()
    remedy: Statement = personal("")
    language: Language = "zh"
    people: People = 1
    speakers: Speakers = personal(())


@dataclass(frozen=True, slots=True)
class RecordCase:
    """Take down what somebody said at a counter, by phone, message or letter, with or without an account.
    ``received_on``: the day on which it was said, from which the clock runs. ``about``: the login of a member of staff about whom
    it is."""

    channel: Taken
    kind: Kind
    words: Note = personal()
    remedy: Statement = personal("")
    name: PersonName = personal("")
    phone: Code = personal("")
    language: Language = "zh"
    received_on: Day | None = None
    people: People = 1
    speakers: Speakers = personal(())
    about: Code = ""


@dataclass(frozen=True, slots=True)
class ImportMessages:
    """Messages as a CSV file with the columns key, day, channel, kind, phone, name, words, remedy, case. What was taken under a
    key of the same source before is there already; ``case`` is the number of a case that it goes on with."""

    source: Word
    text: Source = secret()


@dataclass(frozen=True, slots=True)
class MessagesTaken:
    """How many became cases, went on with a case, and were there already; and the lines that cannot be read, with why."""

    taken: int
    added: int
    known: int
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddWords:
    """Say something more of a case, by whatever channel: it stays one case."""

    case_id: Id
    words: Note = personal()


@dataclass(frozen=True, slots=True)
class NoteWords:
    """Take down what a person said more of her case by phone, message, letter or at a counter."""

    case_id: Id
    channel: Taken
    words: Note = personal()


@dataclass(frozen=True, slots=True)
class OneCase:
    """What needs no words: withdraw a case, agree with its answer, let its clock go on."""

    case_id: Id


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask once more of another person (``appeal``), or say that what was answered was not done (``reopen``)."""

    case_id: Id
    words: Note = personal()


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """Say how well an answer helped, from one to five; once for each answer."""

    case_id: Id
    rating: Rating
    words: Statement = personal("")


@dataclass(frozen=True, slots=True)
class ClassCase:
    """Say where a case arose, what it is about and why, and how severe it is (3: act now). ``kind``: a question, an idea
    or praise that is a complaint becomes one; none stops being one."""

    case_id: Id
    channel: ClassCode
    product: ClassCode
    cause: ClassCode
    severity: Severity
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class NameStaff:
    """Name, by the login, a member of staff about whom a case is: from then on that person sees nothing of it."""

    case_id: Id
    login: Code


@dataclass(frozen=True, slots=True)
class AssignCase:
    """Make a case one's own, or hand it to the member of staff with a login."""

    case_id: Id
    login: Code = ""


@dataclass(frozen=True, slots=True)
class ExtendCase:
    """Move the day by which a case is to be answered to the law's next; its person reads why."""

    case_id: Id
    reason: Statement = personal()


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Let a clock stand still for a reason that the law in force names; its person reads it."""

    case_id: Id
    why: Pause


@dataclass(frozen=True, slots=True)
class PayRedress:
    """Pay an amount for a case into its person's wallet; she reads the reason."""

    case_id: Id
    amount: Amount
    reason: Statement = personal()


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """Answer a case; a rejection says why, and where to go next is told with it."""

    case_id: Id
    outcome: Outcome
    words: Note = personal()


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is kept. ``known``: its person has an account. ``due_on``: by when it is to be answered; none
    where nothing is due. ``business`` and ``rolls``: how its days are counted. ``owner`` acts as such, ``answered_by`` is a
    person of the staff. ``near_on``, ``late_on``: when it was escalated, and when it was told that it is late."""

    id: str
    number: str
    kind: Kind
    channel: Channel
    language: Language
    party_id: str
    known: bool
    people: int
    received_on: date
    received_at: datetime
    recorded_by: str
    classes: tuple[str, str, str]
    severity: int
    owner: str
    owner_person: str
    step: int
    business: bool
    rolls: bool
    due_on: date | None
    state: State
    outcome: str
    answered_on: date | None
    answered_by: str
    summary: bool
    appeals: int
    rating: int | None
    near_on: date | None
    late_on: date | None
    ended_on: date | None
    redress: Money
    version: int
    token: str = ""
    text_id: str = ""

    @property
    def waits(self) -> bool:
        """Whether the bank is to answer."""
        return self.state in ("open", "appealed")


@dataclass(frozen=True, slots=True)
class CaseSaid:
    """One thing that was said of a case or done with it. ``days``: of a clock that was set, how many; ``word``: the outcome,
    reason, class or amount, nothing personal. ``words``, ``remedy``, ``name``, ``phone``, ``speakers`` are sealed."""

    case_id: str
    act: Act
    by: By
    channel: str
    on: date
    days: int | None = None
    word: str = ""
    words: str = personal("")
    remedy: str = personal("")
    name: str = personal("")
    phone: str = personal("")
    speakers: tuple[str, ...] = personal(())
    actor: str = ""
    number: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """What was said or done, as its person reads it."""

    act: Act
    by: By
    channel: str
    on: date
    word: str
    words: str = personal()


@dataclass(frozen=True, slots=True)
class WhereNext:
    """Where to go next, and until when."""

    name: Words
    where: Words
    until_on: date


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its person sees it. ``may``: what she may do now."""

    id: str
    number: str
    party_id: str
    kind: Kind
    state: State
    outcome: str
    received_on: date
    due_on: date | None
    late: bool
    redress: Money
    rating: int | None
    may: tuple[str, ...]
    next: WhereNext | None
    article: Words
    lines: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as whoever handles it sees it. ``may``: what is to be done next; ``alone``: how much one
    person may give of it now."""

    case: Case
    lines: tuple[CaseSaid, ...]
    may: tuple[str, ...]
    alone: Money
    remedy: str = personal()
    name: str = personal()
    phone: str = personal()
    speakers: tuple[str, ...] = personal(())


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list of the staff: no words."""

    case: Case
    light: Literal["green", "amber", "red"]


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Something like a complaint that stands elsewhere and is answered there: what it is, whose, since when, until when."""

    what: Literal["review", "datum", "payment"]
    id: str
    party_id: str
    opened_on: date
    due_on: date | None
    waits: bool


NEAR, LATE, MESSAGE = "voice.near", "voice.late", "voice.message"
"""The leaves of the log that say that a case is near its last day, that it was not answered by it, and that a message was taken
in."""


@dataclass(frozen=True, slots=True)
class NearTold:
    """A case is to be answered soon, and is not."""

    case_id: str
    party_id: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class LateTold:
    """A case was not answered by its day."""

    case_id: str
    party_id: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class CaseActed:
    """What became of a case by an act of the staff. It tells no words."""

    case_id: str
    number: str
    party_id: str
    state: State
    due_on: date | None
    owner: str = ""
    outcome: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class CasesDue:
    """How many cases wait that are to be answered by a day: no words and no names."""

    due_on: date | None
    count: int
    owned: int = field(default=0)
