"""Own what is said of each custody in an evidence package: conditions 1 and 2 of the Electronic Signature Law's article 13, and
what each leaves open. Says no more than is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Held:
    """How a custody stands to article 13 (1), the key is the signer's alone when used, and (2), the signer alone controls it."""

    exclusive: Words
    controlled: Words
    limit: Words


_SIGNED_ONCE = Words(
    "The key was made in the server's memory for this signature, signed once and was dropped.",
    "密钥在服务器内存中为本次签署生成，仅签名一次即行丢弃。",
)
TOLD: Mapping[str, Held] = {
    "browser": Held(
        Words(
            "The key was made in the signer's browser for this signature and cannot be read out (WebCrypto, not extractable).",
            "密钥由签署人浏览器为本次签署生成，不可导出（WebCrypto）。",
        ),
        Words(
            "It signed in that browser, after the browser had computed the document's digest itself and compared it.",
            "由该浏览器在自行计算并比对文件摘要之后签名。",
        ),
        Words(
            "The page comes from the platform: whoever controls the platform could have sent another page. That the key cannot be"
            " read out is the browser's word.",
            "页面由平台提供：控制平台者可能提供不同页面；密钥不可导出一节以浏览器所述为据。",
        ),
    ),
    "passkey": Held(
        Words(
            "The key was made in the server's memory after the passkey had answered, signed once and was dropped.",
            "密钥在通行密钥应答之后于服务器内存中生成，仅签名一次即行丢弃。",
        ),
        Words(
            "The signer's passkey answered a challenge over document digest, agreement, role and kind of certificate.",
            "签署人的通行密钥对包含文件摘要、合同、角色与证书类别的挑战作出应答。",
        ),
        Words(
            "The page comes from the platform, and the server held the key while it signed: what the signer alone controls is the"
            " passkey's answer, and not the key.",
            "页面由平台提供，签名时密钥在服务器；由签署人独自控制的是通行密钥的应答，而非该密钥。",
        ),
    ),
    "counter": Held(
        _SIGNED_ONCE,
        Words(
            "Two of the staff showed the document to the signer and read it out; both are named in the signature.",
            "两名员工向签署人出示并宣读文件，二人均记载于签名之中。",
        ),
        Words(
            "That the signer was there and agreed rests on the word of those two; they work for the platform.",
            "签署人到场并同意一节，以该两名员工的陈述为据；二人受雇于平台。",
        ),
    ),
    "session": Held(
        _SIGNED_ONCE,
        Words(
            "Whoever was signed in as the signer, or a program with a key of the signer's, asked for it.",
            "由以签署人身份登录者，或持有其程序密钥者提出。",
        ),
        Words(
            "The page comes from the platform, the server held the key, and nothing but the session says that the signer was"
            " there.",
            "页面由平台提供，密钥在服务器，且除登录会话外别无证明签署人在场之据。",
        ),
    ),
    "seal": Held(
        Words("The organisation's kept seal, for all that it seals.", "单位保管的印章密钥，用于其全部用印。"),
        Words("Used by those whom the organisation lets seal.", "由该单位授权用印的人员使用。"),
        Words("The platform keeps the key for the organisation.", "密钥由平台代为保管。"),
    ),
}
UNKNOWN = Held(
    Words("Made before it was kept who holds a key.", "签署于密钥持有方式开始留存之前。"),
    Words("Not known.", "不明。"),
    Words("Nothing is said of this key but what the certificate says.", "除证书所载外，对该密钥不作说明。"),
)
