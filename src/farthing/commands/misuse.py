"""Own how the command line says in Chinese that it was misused: an option that there is not, an argument that is missing, a
value that cannot be read. Imported where Chinese is spoken only; the library says it in English, without a catalogue.

A sentence of the library that no line here knows is told without its reason, never in English.
"""

from __future__ import annotations

import re
from typing import Any

import typer
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

_HAN = re.compile("[\u4e00-\u9fff]")
_SAID: tuple[tuple[str, str], ...] = (
    (r"Got unexpected extra argument\(s\) \((.*)\)", "多余的参数：{}"),
    (r"Option '(.*)' does not take a value\.", "选项 {} 不带值"),
    (r"Option '(.*)' requires an argument\.", "选项 {} 须带一个值"),
    (r"Option '(.*)' requires (\d+) arguments\.", "选项 {} 须带 {} 个值"),
    (r"Missing command\.", "缺少命令"),
    (r"Input should be a valid integer.*", "应为整数"),
    (r"Input should be a valid (?:number|decimal).*", "应为数字"),
    (r"Input should be greater than or equal to (.*)", "不得小于 {}"),
    (r"Input should be greater than (.*)", "应大于 {}"),
    (r"Input should be less than or equal to (.*)", "不得大于 {}"),
    (r"Input should be less than (.*)", "应小于 {}"),
    (r"Input should be a valid boolean.*", "应为是或否"),
    (r"\w+ ('.*') does not exist\.", "{} 不存在"),
    (r"\w+ ('.*') is a file\.", "{} 是文件，不是目录"),
    (r"\w+ ('.*') is a directory\.", "{} 是目录，不是文件"),
    (r"\w+ ('.*') is not readable\.", "{} 无法读取"),
    (r"\w+ ('.*') is not writable\.", "{} 无法写入"),
)
"""Sentences of the library and of what it reads values by."""
_NEAR = re.compile(r"\. (?:Did you mean|\(Possible \w+:) (.*?)[?)]*$")
"""What the library adds where a name is near another one."""
_CHOICE = re.compile(r"Input should be ('.*)")


def sentence(text: str) -> str:
    """What the library says, in Chinese; nothing where no line of ours knows it."""
    near = _NEAR.search(text)
    if near or _HAN.search(text):
        own = _NEAR.sub("", text).rstrip("。.")
        return f"{own}；是否要用 {near[1].replace(', ', '、')}" if near else own
    for pattern, zh in _SAID:
        found = re.fullmatch(pattern, text)
        if found:
            return zh.format(*found.groups())
    choice = _CHOICE.fullmatch(text)
    known = "、".join(re.findall("'([^']*)'", choice[1])) if choice else ""
    return f"应为 {known} 之一" if known else ""


def told(error: UsageError) -> str:
    """A misuse as one Chinese sentence."""
    said = sentence(error.message)
    if isinstance(error, MissingParameter):
        kind = {"argument": "参数", "option": "选项"}.get(str(getattr(error.param, "param_type_name", "")), "参数")
        return f"缺少{kind} {_named(error)}。"
    if isinstance(error, BadParameter):
        name = _named(error)
        return f"{name} 的值无法使用{f'：{said}' if said else ''}。" if name else f"{said or '该值无法使用'}。"
    if isinstance(error, NoSuchOption):
        near = "、".join(sorted(error.possibilities or ()))
        return f"没有选项 {error.option_name}{f'；是否要用 {near}' if near else ''}。"
    if isinstance(error, BadOptionUsage):
        return f"{said or f'选项 {error.option_name} 用法有误'}。"
    return f"{said or '用法有误'}。"


def _named(error: BadParameter) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param is not None else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")


def in_chinese(error: UsageError) -> UsageError:
    """A misuse that shows itself in Chinese: how the command is written, where its help is, and what was wrong."""
    if isinstance(error, NoArgsIsHelpError):
        return error

    def show(file: Any = None) -> None:
        if error.ctx is not None:
            option = error.ctx.help_option_names[0]
            typer.echo(f"{error.ctx.get_usage()}\n查看帮助：{error.ctx.command_path} {option}\n", err=True)
        typer.echo(f"错误：{told(error)}", err=True)

    error.show = show  # type: ignore[method-assign]
    return error
