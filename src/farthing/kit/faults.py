"""Own what is said of a peer that did not answer as it should: one sentence in English, which is kept with what was asked, and
the same in Chinese. Pure. A number of the operating system is never what somebody reads.
"""

from __future__ import annotations

import re

from farthing.kit.words import Words

LATE = "it did not answer in time"
SENTENCES: tuple[tuple[str, str], ...] = (
    (LATE, "对方未及时应答"),
    ("the name {} leads nowhere", "域名 {} 无法解析"),
    ("nothing listens there", "该地址无服务接听"),
    ("its network cannot be reached", "无法到达对方网络"),
    ("it cut the line off", "对方中断了连接"),
    ("its certificate is not trusted", "对方证书不受信任"),
    ("it does not speak TLS", "对方不支持 TLS"),
    ("its answer cannot be read", "对方应答无法读取"),
    ("the line failed", "线路故障"),
    ("{} leads to an address that may not be called", "{} 指向不允许访问的地址"),
    ("it answered {}, and no redirect is followed", "对方应答 {}；不跟随跳转"),
    ("its answer is longer than {} bytes", "对方应答超过 {} 字节"),
    ("its answer was cut off", "对方应答不完整"),
    ("{} is not an http or https address", "{} 不是 http 或 https 地址"),
    ("it is told over https alone; the deployment allows plain HTTP no more", "仅以 https 推送；部署不再允许明文 HTTP"),
    ("it answered {}", "对方应答 {}"),
    ("no answer", "对方没有应答"),
)
"""Every sentence of ours about a peer, the narrower first; ``{}`` is a word of its own: a host, a status, a number."""
_RAISED = re.compile(r"""\w+\((["'])(.*)\1\)""")
"""A fault as Python writes it, in which an errand keeps the sentence."""
_READ = tuple((re.compile("(.+)".join(map(re.escape, en.split("{}")))), zh) for en, zh in SENTENCES)


def words(problem: str) -> Words:
    """A sentence that was kept, in both languages; one that is not ours, in its own."""
    raised = _RAISED.fullmatch(problem)
    said = raised[2] if raised else problem
    for known, zh in _READ:
        found = known.fullmatch(said)
        if found:
            return Words(said, zh.format(*found.groups()))
    return Words(problem, problem)
