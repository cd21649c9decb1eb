"""Own the reasons of a verdict: what each does to it, and its sentence in both languages. Constants, and the worst of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from farthing.kit.words import Words
from farthing.signing.judging.model import Kind, Path, Period, Reason, Revocation, Trusted, Verdict

_ORDER = (Verdict.SEALED, Verdict.IN_PART, Verdict.CHANGED, Verdict.BROKEN)
VERDICTS: Mapping[Verdict, Words] = {
    Verdict.SEALED: Words("sealed", "已封存"),
    Verdict.IN_PART: Words("signed in part", "部分签名"),
    Verdict.CHANGED: Words("signed but changed since", "签名后有改动"),
    Verdict.BROKEN: Words("broken", "签名无效"),
    Verdict.NONE: Words("none", "无签名"),
}
MEANINGS: Mapping[Verdict, Words] = {
    Verdict.SEALED: Words(
        "Every signature holds, and the last one covers every byte of the file.",
        "全部签名成立，且最后一个签名覆盖文件的每一个字节。",
    ),
    Verdict.IN_PART: Words(
        "No signature was found false, but they do not vouch for all of it, or not all could be checked.",
        "未发现虚假签名，但签名未覆盖全部内容，或有部分无法检查。",
    ),
    Verdict.CHANGED: Words(
        "Something stands in the file that was not there, or not so, when it was signed.",
        "文件中有签署时不存在或不同的内容。",
    ),
    Verdict.BROKEN: Words("At least one signature does not hold.", "至少有一个签名不成立。"),
    Verdict.NONE: Words("Nobody signed this file.", "该文件无人签名。"),
}
_BROKEN: Mapping[str, Words] = {
    "byte_range_malformed": Words(
        "it does not say in the one allowed way which bytes it covers", "未按规定方式标明所覆盖的字节"
    ),
    "cut_short": Words("the file ends before the bytes that it covers do", "文件在其覆盖范围结束之前已中断"),
    "contents_empty": Words("there is no signature where one is named", "所指位置没有签名内容"),
    "contents_elsewhere": Words(
        "the bytes that it leaves out are not its own signature", "其未覆盖的字节并非该签名自身的内容"
    ),
    "container_unreadable": Words("what should be a signature is none", "签名内容无法作为签名读取"),
    "signers_not_one": Words("it holds not exactly one signer", "其中的签名人不是恰好一个"),
    "certificate_not_named": Words("it was made with another certificate", "签名所用的是另一张证书"),
    "attributes_missing": Words("what the signer must sign with the text is missing", "缺少应与正文一并签名的属性"),
    "attributes_false": Words("what was signed with the text contradicts itself", "与正文一并签名的属性自相矛盾"),
    "content_within": Words("it carries another content than this file", "其中带有本文件以外的内容"),
    "digest_differs": Words("the bytes that it covers are not those that were signed", "所覆盖的字节与签署时不同"),
    "signature_false": Words("it was not made with the key of its certificate", "签名并非由其证书的密钥作出"),
    "stamp_false": Words(
        "its time stamp is not for this signature, or is false", "其时间戳并非针对该签名，或时间戳虚假"
    ),
    "signature_shared": Words("two fields show one signature", "两个签名域指向同一签名"),
}
_CHANGED: Mapping[str, Words] = {
    "bytes_after": Words("{bytes} bytes stand after the last that it covers", "其覆盖范围之后另有 {bytes} 字节"),
    "uncovered_within": Words(
        "beside the signature other bytes stand in the part that it does not cover", "其未覆盖的部分中除签名外另有字节"
    ),
    "revision_not_allowed": Words(
        "a later change is of a kind that it does not allow", "其后的改动不属于该签名允许的范围"
    ),
    "revision_not_covered": Words(
        "it ends in the middle of a revision, and the rest came later", "其覆盖范围止于某次修订中间，其余为后加"
    ),
    "signature_removed": Words(
        "a signature lies in the file that its form does not show: it was taken out, or hidden",
        "文件中有一个表单未显示的签名：已被移除或被隐藏",
    ),
    "field_overwritten": Words(
        "the field {name} showed something else when it was signed", "签署时字段 {name} 显示的内容不同"
    ),
    "field_hidden": Words("the field {name} was shown or hidden later", "字段 {name} 在其后被显示或隐藏"),
    "form_redefined": Words("the fonts of the form are others than when it was signed", "表单字体与签署时不同"),
}
_IN_PART: Mapping[str, Words] = {
    "field_empty": Words("this signature field waits for its signer", "该签名域尚待签署"),
    "proofs_after": Words(
        "{bytes} bytes with certificates or revocation data stand after the last that it covers",
        "其覆盖范围之后另有 {bytes} 字节的证书或吊销数据",
    ),
    "visible_field_added": Words(
        "the field {name} was added on a page later: it does not vouch for what is seen there",
        "字段 {name} 为其后加在页面上，该签名不为其显示内容作证",
    ),
    "start_not_covered": Words("it does not cover the beginning of the file", "其未覆盖文件开头"),
    "spaces_within": Words("blanks stand beside the signature in the part not covered", "其未覆盖的部分中签名旁有空白"),
    "hexadecimal_mixed": Words("the signature is written in more than one way", "签名的书写方式不一致"),
    "container_followed": Words("something follows the signature inside its place", "签名所在位置内签名之后另有内容"),
    "container_loose": Words(
        "the signature's envelope holds what neither it nor an issuer vouches for",
        "签名封装中有既非签名也非签发者作证的内容",
    ),
    "tables_differ": Words(
        "{count} objects stand elsewhere in the file's table than in the one beside it: programs may show different things",
        "{count} 个对象在文件的两张对象表中位置不同，不同软件可能显示不同内容",
    ),
    "header_displaced": Words("the file does not begin as a PDF begins", "文件开头不是 PDF 的开头"),
    "digest_weak": Words(
        "its digest {digest} is weak: another text may have the same", "其摘要算法 {digest} 薄弱，不同正文可能相同"
    ),
    "key_weak": Words("its key is too short to be relied upon", "其密钥过短，不足为凭"),
    "algorithm_not_read": Words(
        "its algorithm is not read here, so it was not checked", "其算法此处无法读取，未予检查"
    ),
    "certificate_missing": Words(
        "the signer's certificate is not there, so it was not checked", "缺少签名人证书，未予检查"
    ),
    "stamp_not_read": Words("its time stamp's algorithm is not read here", "其时间戳的算法此处无法读取"),
    "form_not_read": Words("its form {form} is not known here", "其形式 {form} 此处不识别"),
    "form_bare": Words("its form lets the certificate be exchanged", "其形式未固定签名人证书"),
    "not_read": Words(
        "the file's objects cannot be read, so what they show was not checked", "文件对象无法读取，未予检查"
    ),
    "too_deep": Words("the file is built to exhaust its reader and was not read to its end", "文件结构异常，未能读完"),
    "not_a_pdf": Words("the file does not begin as a PDF does", "文件开头不是 PDF 的开头"),
    "encrypted": Words("the file is locked by a password, so it was not checked", "文件有密码保护，未予检查"),
}
_NONE: Mapping[str, Words] = {
    "no_signature": Words("no signature field is filled", "没有已签署的签名域"),
    "all_hold": Words("all of this was checked and holds", "以上各项均已检查并成立"),
}
_NOTES: Mapping[str, Words] = {
    "roots_not_given": Words(
        "whether the certificates can be trusted: no root was given", "证书是否可信：未提供受信任的根证书"
    ),
    "time_not_proved": Words(
        "when it was signed: no time stamp vouches for the time that the signer claims",
        "签署时间：没有时间戳证明签名人所称的时间",
    ),
    "revocation_not_told": Words(
        "whether its certificate was revoked: the file does not tell", "证书是否已吊销：文件未提供吊销数据"
    ),
    "revocation_older": Words(
        "whether its certificate was revoked when it signed: what the file tells is older",
        "签署时证书是否已吊销：文件中的吊销数据早于签署",
    ),
    "field_filled_since": Words(
        "that the signer agreed to what the field {name} says: it was filled in later",
        "签名人是否同意字段 {name} 的内容：该字段为其后填写",
    ),
    "usage_rights": Words(
        "a maker's right to fill in the form with its own program", "表单填写授权签名（软件厂商所加）"
    ),
    "identity": Words("that the persons are who the certificates say", "签名人是否确为证书所载之人"),
    "appearance": Words(
        "what the pages say, and that every program shows them alike", "页面所载内容，以及各软件显示是否一致"
    ),
}
_WARNINGS: Mapping[str, Words] = {
    "script": Words("the file runs a program of its own when it is opened or used", "文件在打开或使用时会运行脚本"),
    "external": Words("the file draws in something from outside", "文件引用外部内容"),
    "layer_hidden": Words("a layer {name} is hidden and can be shown", "图层 {name} 处于隐藏状态，可被显示"),
    "widgets_overlap": Words(
        "the fields {first} and {second} lie one over the other", "字段 {first} 与 {second} 相互重叠"
    ),
    "value_hidden": Words(
        "the field {name} has a value that its appearance does not show", "字段 {name} 的值未在其外观中显示"
    ),
    "object_unused": Words(
        "{count} pages, pictures, fonts or forms lie in the file unused: they can be put in the place of others",
        "文件中有 {count} 个未使用的页面、图片、字体或表单，可被用于替换",
    ),
    "object_unlisted": Words(
        "{count} objects lie in the file that its table does not list", "文件中有 {count} 个未列入对象表的对象"
    ),
    "font_twice": Words("the font {name} is defined in two ways", "字体 {name} 有两种定义"),
    "over_content": Words("an annotation covers part of a page", "有批注遮盖页面的一部分"),
    "catalog_twice": Words(
        "the file holds more than one catalog or form of the same revision", "文件同一修订中有不止一个目录或表单"
    ),
    "not_linted": Words(
        "the file was too large or odd to be looked through for warnings", "文件过大或结构异常，未能查找警示项"
    ),
}
EFFECT: Mapping[str, Verdict] = {
    **dict.fromkeys(_BROKEN, Verdict.BROKEN),
    **dict.fromkeys(_CHANGED, Verdict.CHANGED),
    **dict.fromkeys(_IN_PART, Verdict.IN_PART),
    **dict.fromkeys((*_NONE, *_NOTES, *_WARNINGS), Verdict.SEALED),
}
"""What each reason does to the verdict of a file that is signed; the last do nothing."""
SENTENCES: Mapping[str, Words] = {**_BROKEN, **_CHANGED, **_IN_PART, **_NONE, **_NOTES, **_WARNINGS}
KINDS: Mapping[Kind, Words] = {
    Kind.APPROVAL: Words("signature", "签名"),
    Kind.CERTIFICATION: Words("certifying signature", "认证签名"),
    Kind.TIMESTAMP: Words("document time stamp", "文件时间戳"),
}
STATES: Mapping[str, Words] = {
    Path.WHOLE: Words("path complete", "证书链完整"),
    Path.INCOMPLETE: Words("path incomplete", "证书链不完整"),
    Path.INVALID: Words("path not valid", "证书链无效"),
    Period.WITHIN: Words("certificate in its time", "证书在有效期内"),
    Period.EXPIRED: Words("certificate expired", "证书已过期"),
    Period.NOT_YET: Words("certificate not yet valid", "证书尚未生效"),
    Revocation.GOOD: Words("not revoked", "未吊销"),
    Revocation.OLDER: Words("revocation data older than the signature", "吊销数据早于签署"),
    Revocation.REVOKED: Words("revoked", "已吊销"),
    Revocation.NO_DATA: Words("revocation not told", "无吊销数据"),
    Trusted.YES: Words("yes", "是"),
    Trusted.NO: Words("no", "否"),
}
NOT_CHECKED = Words("not checked", "未检查")


def worst(reasons: Iterable[Reason]) -> Verdict:
    """The verdict on a signed file by the worst reason against it; sealed where there is none."""
    return max((EFFECT[each.code] for each in reasons), key=_ORDER.index, default=Verdict.SEALED)


def sentence(reason: Reason) -> Words:
    """What a reason says, with its facts."""
    facts = dict(reason.facts)
    words = SENTENCES[reason.code]
    return Words(words.en.format(**facts), words.zh.format(**facts))
