"""The refusals of exports for a backup servicer and of taking over."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, not_found

EXISTS = conflict(
    "wind_down.exists", "{folder} holds something already; give a new folder.", "{folder} 已有内容；请另选目录。"
)
MISSING = not_found("wind_down.missing", "{folder} holds no export.", "{folder} 中没有移交资料。")
DAMAGED = declined(
    "wind_down.damaged",
    "The export is not what its manifest says: {problem}. Nothing was taken over; use another copy.",
    "移交资料与其清单不符：{problem_zh}。未作任何接管；请使用另一份。",
)
UNSEALED = declined(
    "wind_down.unsealed",
    "No proof leads from this manifest to a signed checkpoint of the bank's log ({problem}); use an export that was finished.",
    "无法由清单推出该机构日志的已签名检查点（{problem_zh}）；请使用已完成的移交资料。",
)
ANOTHER_BANK = declined(
    "wind_down.another_bank",
    "This is an export of {bank}, whose log has the key {key}, which is not the one that was named; get the key of the bank's "
    "log from the bank's own pages or from the supervisor, and the export from the bank.",
    "该资料由 {bank} 导出，其日志密钥 {key} 与指定的不符；请从该机构页面或监管部门取得日志密钥，并向该机构索取资料。",
)
OTHER_TERMS = declined(
    "wind_down.other_terms",
    "The export has {what} {theirs}, and this bank {ours}; take it over in a bank that was opened with {theirs}.",
    "移交资料的{what_zh}为 {theirs}，本行为 {ours}；请在以 {theirs} 开立的银行中接管。",
)
EARLY = declined(
    "wind_down.early",
    "The export was made on the bank's day {theirs}, and here it is {ours}; close days until then.",
    "移交资料的营业日为 {theirs}，本行为 {ours}；请先日终至该日。",
)
NOT_EMPTY = conflict(
    "wind_down.not_empty",
    "This bank has {count} {what} already; claims are taken over by an empty bank (another FARTHING_HOME or "
    "FARTHING_DATABASE_URL).",
    "本行已有 {count} 项{what_zh}；接管须在空的银行中进行（另设 FARTHING_HOME 或 FARTHING_DATABASE_URL）。",
)
KNOWN_OTHERWISE = conflict(
    "wind_down.known_otherwise",
    "This bank knows {what} {key} already, and otherwise than the export says; take it over in an empty bank that nobody has "
    "signed up at.",
    "本行已有 {what} {key}，且与移交资料不同；请在尚无人注册的空的银行中接管。",
)
TAKEN_OVER = conflict(
    "wind_down.taken_over",
    "What {bank} exported was taken over here on {on}; nothing is left to do.",
    "{bank} 的移交资料已于 {on} 在此接管；无需再办。",
)
UNDER_WAY = conflict(
    "wind_down.under_way",
    "Another export ({sha256}) is being taken over here; finish that one.",
    "另一份移交资料（{sha256}）正在接管；请先完成。",
)
NOT_ALLOWED = conflict(
    "wind_down.not_allowed",
    "No export with the id {export_id} waits to be written; ask for one, and let a second person agree.",
    "没有编号为 {export_id} 的待写出移交；请先申请并由第二人复核。",
)
NOT_MADE_HERE = declined(
    "wind_down.not_made_here",
    "This manifest was not made by this bank of its own books; write the export again, and change nothing of it.",
    "该清单并非本行依据自身账簿编制；请重新写出移交资料，且不得改动。",
)
UNKNOWN = not_found("wind_down.unknown", "There is no take-over {takeover_id}.", "没有接管 {takeover_id}。")
UNFINISHED = conflict(
    "wind_down.unfinished",
    "{count} parts were not brought yet, {name} among them; run the same import again.",
    "尚有 {count} 个部分未移入，包括 {name}；请再次运行同一接管。",
)
CLEARING = conflict(
    "wind_down.clearing",
    "Batch {batch} of the marketplace is not done; finish it, then export.",
    "撮合批次 {batch} 尚未完成；请完成后再移交。",
)
