"""Own the refusals that tagger and shelf share. Pure."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, forbidden
from farthing.kit.words import Words

REPLAYED = conflict(
    "exposure.replayed",
    "This was used before; whatever is asked again is signed anew.",
    "该报文已使用过；再次请求须重新签名。",
)
OTHER_INQUIRER = forbidden(
    "exposure.other_inquirer",
    "What the person's side signed is not for this lender, purpose and consent.",
    "客户一侧的签名并非针对该机构、该目的与该授权。",
)
CONSENT_ENDED = declined(
    "exposure.consent_ended",
    "The person withdrew this consent; nothing is told under it any more.",
    "客户已撤回该授权，不得再据此查询。",
)
NO_KEY = declined(
    "exposure.no_key",
    "There is no key for {purpose} in {period}; ask for this quarter's and the one before.",
    "“{purpose}”在 {period} 没有密钥；只可使用本季度与上季度的密钥。",
)
KEY_DISPUTED = conflict(
    "exposure.key_disputed",
    "The tagger told another key of {purpose} in {period} before: two keys would tell its lenders apart. Nothing was taken.",
    "标签方此前就“{purpose}”{period} 公布过另一公钥：两把公钥可用于区分各机构。未予接收。",
)
QUOTA_REACHED = declined(
    "exposure.quota_reached",
    "That is more than {most} {what}; ask again later, or have the operator enter a larger number.",
    "超过{what}上限 {most}；请稍后再试，或请运营方调高上限。",
)
POINTS = Words("points that one lender has tagged in a day", "单家机构每日打标条数")
