"""Give members of staff their logins from the machine itself: the first two of a bank, and all of a simulated one.

Whoever has the command line of the bank's machine has the bank; what the command line may not do is know a password:
the first two officers type theirs, and every other is made at random, told once, and works once.
"""

from __future__ import annotations

from farthing.bank.founding import agreed
from farthing.identity import first
from farthing.identity import service as identity
from farthing.identity.first import Appointed, FirstOfficers
from farthing.identity.model import ApiKey, CreateApiKey, CreateLogin, ResetPassword
from farthing.kernel.operation import decode, operation_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import declined

ONCE = "bank:first-officers"
"""The key under which the first officers are made: of two commands at the same time one is the first."""

OFFICERS_MAKE = declined(
    "bank.officers_make_staff",
    "Staff of a bank with a real clock are made by its security officers, one asking and another agreeing "
    "(`farthing staff add --as OFFICER`, or POST /v1/logins); the first two by `farthing bank officers`.",
    "真实时钟银行的员工登录账户由安全管理员开立，一人申请、另一人复核（`farthing staff add --as OFFICER` 或 POST /v1/logins）；"
    "首任两名由 `farthing bank officers` 设立。",
)


def first_officers(kernel: Kernel, command: FirstOfficers) -> Appointed:
    """Make the first two security officers, each with a password of their own; refuses ``identity.staff_there``."""
    operation = operation_of(first.first_officers)
    outcome = kernel.execute(operation, command, actor=SYSTEM, key=ONCE, keep_refusal=False)
    if outcome.replayed:  # made by another command: these passwords are not the ones that were taken
        raise first.STAFF_THERE()
    made: Appointed = outcome.result
    return made


def check_made_here(kernel: Kernel) -> None:
    """Refuse ``bank.officers_make_staff`` where the clock is real: there two persons make a login, not one machine."""
    if kernel.clock().mode == "real":
        raise OFFICERS_MAKE()


def appoint(kernel: Kernel, command: CreateLogin) -> tuple[str, str]:
    """Make a login of the staff; answers the actor and the password that works once."""
    made = agreed(kernel, identity.create_login, command)
    return made["actor_id"], made["password"]


def new_password(kernel: Kernel, actor_id: str) -> str:
    """A password that works once, for a member of staff who forgot the own one."""
    made = agreed(kernel, identity.reset_password, ResetPassword(actor_id))
    return str(made["password"])


def key_of(kernel: Kernel, command: CreateApiKey) -> ApiKey:
    """An API key: of a customer at once, of a program once two persons want it."""
    made = agreed(kernel, identity.create_api_key, command)
    return made if isinstance(made, ApiKey) else decode(ApiKey, made)
