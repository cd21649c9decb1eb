"""Own the model card and the data sheet of a training: Markdown in one language each, from what was measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from farthing.credit.training.spec import Spec
from farthing.kit.words import Words

Language = Literal["en", "zh"]
KINDS = {
    "scorecard": Words("scorecard: points for bins that run one way", "评分卡（单调分箱）"),
    "trees": Words("boosted trees that run one way", "单调梯度提升树"),
    "blend": Words("half scorecard, half trees", "评分卡与提升树各半"),
}
REJECTS = {
    "none": Words(
        "nothing is assumed of those who were refused; they are left out", "未对被拒申请人作任何假设，拟合时不计入"
    ),
    "parcelling": Words(
        "assumed, not known: each of those who were refused counts as one person whose outcome was drawn by the score",
        "属假设而非事实：被拒申请人各按评分对应的概率抽定一个结果",
    ),
    "fuzzy": Words(
        "assumed, not known: each of those who were refused counts in two parts, bad and good, by the score",
        "属假设而非事实：被拒申请人各按评分对应的概率拆为坏、好两部分",
    ),
}
MEASURES = (
    ("auc", Words("AUC", "AUC")), ("ks", Words("KS", "KS")), ("h", Words("H measure", "H 测度")),
    ("brier", Words("Brier score", "Brier 分数")),
)  # fmt: skip
COUNTS = {
    "rows": Words("rows of the table", "数据表行数"), "unreadable": Words("rows that could not be read", "无法读取的行"),
    "without_outcome": Words("without an outcome yet", "尚无结果"),
    "rejected": Words("refused, without an outcome", "被拒，无结果"),
    "bad": Words("bad", "坏样本"), "good": Words("good", "好样本"),
}  # fmt: skip
BETTER = {
    "higher": Words("higher is better", "越高越好"), "lower": Words("lower is better", "越低越好"),
    "either": Words("runs both ways", "无单一方向"),
}  # fmt: skip


def model_card(spec: Spec, told: Mapping[str, Any], language: Language) -> str:
    """What the models are for, what they were made from, how well they do, and for whom they were not tried."""
    return "\n".join(_card(spec, told, language)) + "\n"


def data_sheet(spec: Spec, told: Mapping[str, Any], language: Language) -> str:
    """What the data are, what became of every row, and what each figure looks like."""
    return "\n".join(_sheet(spec, told, language)) + "\n"


def _say(language: Language, en: str, zh: str) -> str:
    return en if language == "en" else zh


def _of(words: Words, language: Language) -> str:
    return words.en if language == "en" else words.zh


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(_cell(each) for each in row) + " |"
    yield ""


def _cell(value: object) -> str:
    """A cell: a bar of the data's own would end it."""
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else str(value).replace("|", "/").replace("\n", " ")


def _card(spec: Spec, told: Mapping[str, Any], language: Language) -> Iterator[str]:
    fitted, later = told["data"]["fitted"], told["data"]["later"]
    yield f"# {_say(language, 'Model card', '模型卡')}{_say(language, ': ', '：')}{spec.name} {spec.version}\n"
    yield from _table(
        ("", ""),
        (
            (_say(language, "what for", "用途"), _of(spec.purpose, language)),
            (_say(language, "data", "数据"), spec.source), (_say(language, "period", "时期"), spec.period),
            (_say(language, "fitted on", "拟合样本"), _counted(fitted, language)),
            (_say(language, "measured out of time on", "跨期检验样本"),
             _say(language, "nothing: the data name no time", "无（数据未列时间）") if later is None
             else _counted(later, language)),
            (_say(language, "those who were refused", "被拒申请人"), _of(REJECTS[spec.rejects.assume], language)),
            (_say(language, "never uses", "不使用"),
             _say(language, "what the law forbids to judge a person by, and columns that know the outcome",
                  "法律禁止用于评价个人的信息，以及已含结果的列")),
        ),
    )  # fmt: skip
    for kind, each in told["models"].items():
        yield from _model(kind, each, language)
    yield f"## {_say(language, 'Know before use', '使用须知')}\n"
    yield _say(
        language,
        "Fitted on the people of the data sheet: base rates do not travel, so watch the probabilities from the first loans on. "
        "Calibration is by Venn and Abers on people whom the model did not see. Shares of each figure, against which new people "
        "are compared, are in `metrics.json`.",
        "模型按数据说明所列样本拟合；基准坏账率不可移植，上线后须自首批贷款起核对概率。概率由未参与拟合的样本按 Venn-Abers "
        "方法校准。各指标的预期分布见 `metrics.json`，供监测比对。",
    )


def _counted(part: Mapping[str, int], language: Language) -> str:
    people, bad = part["people"], part["bad"]
    share = f"{100 * bad / people:.1f}%"
    return _say(language, f"{people} people, {bad} bad ({share})", f"{people} 人，坏样本 {bad}（{share}）")


def _model(kind: str, each: Mapping[str, Any], language: Language) -> Iterator[str]:
    found = each["measured"]
    whole, later = found["together"], found["out_of_time"]
    yield f"## {_of(KINDS[kind], language)}\n"
    yield f"`{each['model']}` {each['version']}, SHA-256 `{each['sha256']}`\n"
    rows: list[Sequence[object]] = []
    for name, words in MEASURES:
        fold, after = found["folds"][name], None if later is None else later[name]
        rows.append((_of(words, language), f"{fold['mean']:.4f} ± {fold['sd']:.4f}", whole[name], after))
    rows.append((
        _say(language, "AUC, 95 % interval", "AUC 95% 区间"), "", f"{whole['auc_low']:.4f} - {whole['auc_high']:.4f}",
        None if later is None else f"{later['auc_low']:.4f} - {later['auc_high']:.4f}",
    ))  # fmt: skip
    for name, words in (
        ("error", Words("calibration error, ten bins of equal mass", "校准误差（等频十箱）")),
        ("by_chance", Words("what chance alone would show of it", "其中纯随机所致")),
        ("beyond", Words("what is left above chance", "超出随机的部分")),
        ("in_the_large", Words("bad rate less mean probability", "坏账率减平均概率")), ("slope", Words("slope", "斜率")),
    ):  # fmt: skip
        after = None if later is None else later["calibration"][name]
        rows.append((_of(words, language), "", whole["calibration"][name], after))
    if found["score_psi"] is not None:
        rows.append((_say(language, "stability of the score (PSI)", "评分稳定性（PSI）"), "", None, found["score_psi"]))
    head = (
        "", _say(language, "by fold", "各折"), _say(language, "folds together", "合并"), _say(language, "out of time", "跨期"),
    )  # fmt: skip
    yield from _table(head, rows)
    if found["against_first"]:
        difference = found["against_first"]
        yield _say(
            language,
            f"AUC against the first model: {difference['value']:+.4f}, p = {difference['p_value']:.3f} (DeLong).\n",
            f"与首个模型相比 AUC 差 {difference['value']:+.4f}，p = {difference['p_value']:.3f}（DeLong 检验）。\n",
        )
    if each["groups"]:
        yield from _groups(each["groups"], language)
    if each.get("alternatives"):
        yield from _alternatives(each["alternatives"], language)


def _groups(found: Mapping[str, Any], language: Language) -> Iterator[str]:
    share = f"{100 * found['approve']:.0f}%"
    yield f"### {_say(language, f'Groups, where {share} of all are approved', f'分组比较（总通过率 {share}）')}\n"
    head = (
        _say(language, "group", "分组"), _say(language, "people", "人数"), _say(language, "bad rate", "坏账率"),
        _say(language, "mean probability", "平均概率"), _say(language, "approved", "通过率"),
        _say(language, "approved of the good", "好样本通过率"),
    )  # fmt: skip
    yield from _table(head, ([*each.values()] for each in found["groups"]))
    ratio, equal = found["adverse_impact_ratio"], found["equal_opportunity_ratio"]
    if ratio is not None:
        yield _say(
            language,
            f"Adverse impact ratio {ratio:.3f}, equal opportunity ratio {equal:.3f}; below 0.800 is looked into.\n",
            f"不利影响比 {ratio:.3f}，机会均等比 {equal:.3f}；低于 0.800 须核查。\n",
        )


def _alternatives(found: Mapping[str, Any], language: Language) -> Iterator[str]:
    """The frontier of AUC and impact ratio over models of fewer figures, and which is proposed at equal loss."""
    yield f"### {_say(language, 'Less discriminatory alternatives', '差别影响较小的替代模型')}\n"
    head = (_say(language, "without", "去除指标"), "AUC", "Brier", _say(language, "impact ratio", "不利影响比"))
    yield from _table(
        head,
        (
            (", ".join(each["without"]) or _say(language, "nothing", "无"), each["auc"], each["brier"],
             each["adverse_impact_ratio"])
            for each in found["frontier"]
        ),
    )  # fmt: skip
    names = None if found["proposed"] is None else ", ".join(found["proposed"]["without"])
    tried = len(found["tried"])
    if names is None:
        yield _say(
            language,
            f"Of {tried} models none does as well with a better ratio than the whole one.\n",
            f"已比较 {tried} 个模型，没有在损失相当时比率更高的替代模型。\n",
        )
    else:
        yield _say(
            language, f"Of {tried} models the one without {names} does as well, and its ratio is best.\n",
            f"已比较 {tried} 个模型：去除 {names} 后损失相当，且比率最高。\n",
        )  # fmt: skip


def _sheet(spec: Spec, told: Mapping[str, Any], language: Language) -> Iterator[str]:
    data = told["data"]
    yield f"# {_say(language, 'Data sheet', '数据说明')}{_say(language, ': ', '：')}{spec.name}\n"
    yield from _table(
        ("", ""),
        (
            (_say(language, "source", "来源"), spec.source), (_say(language, "licence", "许可"), spec.licence),
            (_say(language, "period", "时期"), spec.period), ("SHA-256", f"`{data['data_sha256']}`"),
            *((_of(COUNTS[name], language), count) for name, count in data["counts"].items()),
        ),
    )  # fmt: skip
    if data["bad_rows"]:
        yield f"## {_say(language, 'Rows that could not be read', '无法读取的行')}\n"
        head = (_say(language, "line", "行号"), _say(language, "column", "列"), _say(language, "why", "原因"))
        problem = _say(language, "problem", "problem_zh")
        yield from _table(head, ((each["line"], each["column"], each[problem]) for each in data["bad_rows"]))
    yield f"## {_say(language, 'Figures', '指标')}\n"
    heads = (
        _say(language, "figure", "指标"), _say(language, "direction", "方向"), _say(language, "unknown of", "缺失"),
        _say(language, "AUC alone", "单独 AUC"), "PSI",
    )  # fmt: skip
    yield from _table(
        heads,
        (
            (
                each["name"],
                _of(BETTER[each["better"]], language),
                f"{100 * each['shares'][-1]:.1f}%",
                each["auc_alone"],
                each["psi"],
            )
            for each in told["figures"]
        ),
    )
    left = [each.name for each in spec.columns if each.type == "ignore"]
    if left:
        yield _say(language, f"Not used: {', '.join(left)}.", f"未使用：{'、'.join(left)}。")
