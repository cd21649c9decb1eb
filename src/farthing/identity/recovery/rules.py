"""Decide what a recovery has come to at an instant, and what a code to the phone does. Pure; times are handed in.

Sources: NIST SP 800-63B-4 section 4.2 (account recovery; every recovery is notified); the wait is this house's and stands in
the policy pack.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from farthing.identity.recovery.model import Recovery
from farthing.kit.errors import conflict, declined, forbidden, not_found
from farthing.kit.words import Words

WORD_BYTES = 10
WORDS_PER_SOURCE, WINDOW = 20, timedelta(hours=1)
"""Words to stop by that one network address may try in an hour."""

WAITS = declined(
    "identity.recovery_waits",
    "You have a login, and a new password can be chosen for it from {due_at} until {ends_at}, by another code. Your phone and "
    "your devices were told. Sign in as before if you still know the password.",
    "您已有登录账户；可于 {due_at} 至 {ends_at} 凭新的验证码重设密码。已通知您的手机和已登录设备。如仍记得原密码，可照常登录。",
)
WAS_STOPPED = declined(
    "identity.recovery_stopped",
    "Somebody who is signed in, or holds the phone, stopped a recovery of this login; until {ends_at} none is begun by a code. "
    "Come to a counter with your identity document.",
    "该登录账户的找回已被终止；{ends_at} 前不能凭验证码找回。请携带身份证件到柜台办理。",
)
NOTHING_WAITS = not_found(
    "identity.no_recovery",
    "No recovery of your login waits; nothing is to be stopped.",
    "没有等待生效的登录找回，无须终止。",
)
WORD_WRONG = forbidden(
    "identity.stop_word_wrong",
    "This word stops nothing: it is not the one that came, or the recovery ended. Sign in and look, or call the bank.",
    "该终止口令无效：与短信不符，或找回已结束。请登录查看，或致电本行。",
)
TOO_MANY_WORDS = declined(
    "identity.too_many_stop_words",
    "Too many words were tried from here; try again in an hour, or call the bank.",
    "此处尝试次数过多；请一小时后重试，或致电本行。",
)
LOWERS = conflict(
    "identity.recovery_open",
    "A recovery of your login waits until {due_at}; meanwhile no way in is taken away. Stop it first if it is not yours.",
    "您的登录找回将于 {due_at} 生效；此前不能移除任何登录方式。如非本人申请，请先终止找回。",
)

Phase = Literal["none", "waits", "ready", "stopped"]


def phase(found: Recovery | None, now: datetime) -> Phase:
    """What a recovery has come to: it waits, can be finished, was stopped a while ago, or is none any more."""
    if found is None or found.state == "used" or now >= found.ends_at:
        return "none"
    if found.state == "stopped":
        return "stopped"
    return "ready" if found.state == "done" or now >= found.due_at else "waits"


def by_code(code: Recovery | None, counter: Recovery | None, now: datetime) -> Literal["go", "wait", "begin"]:
    """What a code to the phone does that proves somebody who has a login: choose a password, wait on, or begin to wait.

    Refuses ``identity.recovery_stopped``. Officers who saw the person make it sooner, also where an earlier one was stopped.
    """
    if "ready" in (phase(code, now), phase(counter, now)):
        return "go"
    if code is not None and phase(code, now) == "stopped":
        raise WAS_STOPPED(ends_at=code.ends_at)
    return "wait" if phase(code, now) == "waits" else "begin"


def told(way: str, due_at: datetime, word: str) -> Words:
    """What comes to the phone when one begins."""
    when = f"{due_at:%Y-%m-%d %H:%M} UTC"
    if way == "code":
        said = Words("A new password for your account was asked for by a code", "有人凭验证码申请重设您账户的密码")
    else:
        said = Words(
            "At a counter it was asked to end your passkeys and app codes", "有人在柜台申请停用您的通行密钥和动态口令"
        )
    return Words(
        f"{said.en}; it holds from {when}. Was it not you? Stop it on any device where you are signed in, or on the sign-in page "
        f"by the word {word}, and call us.",
        f"{said.zh}，将于 {when} 生效。如非本人，请在任一已登录设备上终止，或在登录页输入终止口令 {word}，并致电本行。",
    )
