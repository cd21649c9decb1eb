"""Topics are found in both languages, stay what they are, count people and tell nothing of anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import homogeneity_score

from farthing.kit.errors import Refusal
from farthing.voice.model import Text
from farthing.voice.topics import fitting, frozen, labels, twins, wording
from farthing.voice.topics.frozen import Topics
from tests.voice.topics.heaped import texts


@pytest.fixture(scope="module")
def found() -> Topics:
    return fitting.fit(texts()[0] + texts(language="en", people=180)[0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_topics_are_what_people_speak_of(found: Topics, language: str) -> None:
    """The planted subjects are found: few texts are elsewhere, and the words that name a topic are of its subject."""
    some, about = texts(language=language, people=200, seed=77)
    ready = frozen.sorters(found)[language]
    sorted_as = [(ready.topic(each.words), what) for each, what in zip(some, about, strict=True)]
    taken = [each for each in sorted_as if each[0]]
    assert len(taken) / len(some) > 0.7
    assert homogeneity_score([what for _, what in taken], [topic for topic, _ in taken]) > 0.9
    names = " ".join(" ".join(each.label) for spoken, each in found.topics if spoken == language)
    for word in ("利息", "催收", "手机银行") if language == "zh" else ("penalty", "calls", "application"):
        assert word in names


def test_what_is_about_nothing_known_is_unsorted(found: Topics) -> None:
    ready = frozen.sorters(found)
    assert ready["zh"].topic("") == ""
    assert ready["zh"].topic("天安门广场升旗仪式") == ""
    assert ready["en"].topic("zebra xylophone quartz") == ""


@pytest.mark.long
def test_the_set_is_data_and_reads_back(found: Topics) -> None:
    text = frozen.text_of(found)
    assert frozen.read(text) == found
    assert frozen.text_of(fitting.fit(texts()[0] + texts(language="en", people=180)[0])) == text, "not deterministic"


@pytest.mark.parametrize(
    "broken",
    [
        "", "[]", "{}", '{"tongues":[]}',
        lambda data: data["tongues"][0]["topics"].append(data["tongues"][0]["topics"][0]),
        lambda data: data["tongues"][0]["topics"][0].update(people=4),
        lambda data: data["tongues"][0]["topics"][0].update(id="mine"),
        lambda data: data["tongues"][0].update(language="fr"),
        lambda data: data.update(more=1),
    ],
)  # fmt: skip
def test_what_is_no_set_is_refused(found: Topics, broken: object) -> None:
    if callable(broken):
        data = json.loads(frozen.text_of(found))
        broken(data)
        broken = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(Refusal) as caught:
        frozen.read(str(broken))
    assert caught.value.code == "topics.unreadable"


@pytest.mark.long
def test_a_refit_keeps_ids(found: Topics) -> None:
    """More texts, others left out, and another seed: topics that hold mostly the same texts keep their ids."""
    later = fitting.fit(texts(seed=3, people=220)[0] + texts(language="en", people=180)[0], found, seed=9)
    ready, again = frozen.sorters(found), frozen.sorters(later)
    some, _ = texts(seed=5, people=150)
    same = sum(ready["zh"].topic(each.words) == again["zh"].topic(each.words) for each in some)
    assert same / len(some) > 0.85


@pytest.mark.long
def test_a_language_with_too_few_texts_keeps_what_it_had_or_is_refused(found: Topics) -> None:
    few = texts(people=20)[0]
    with pytest.raises(Refusal) as caught:
        fitting.fit(few)
    assert caught.value.code == "topics.too_few"
    again = fitting.fit(few + texts(language="en", people=180)[0], found)
    assert [each for each in again.tongues if each.language == "zh"] == [found.tongues[0]]


def test_near_copies_are_one_text_of_many_people() -> None:
    template = "我在网上看到这家银行乱收费，请监管部门查处，并退还全部费用，谢谢领导关心百姓疾苦"
    some = [Text(f"t{n}", f"p{n}", date(2026, 1, 1), "complaint", "", "zh", f"{template}{n}") for n in range(30)]
    more, _ = texts(people=60)
    heaps = fitting.heaps([*some, *more, replace(more[0], id="again")])
    assert len(heaps[0].people) == 30
    assert heaps[0].texts == 30
    assert sum(each.texts for each in heaps) == 91
    assert sum(len(each.people) for each in heaps) == 90, "one person who says a thing twice is one"


def test_how_many_topics_follows_how_well_they_are_found_again() -> None:
    assert fitting.chosen({3: 0.9, 6: 0.75, 8: 0.5}) == 6
    assert fitting.chosen({3: 0.4, 6: 0.6}) == 6
    assert fitting.chosen({3: 0.6, 6: 0.6}) == 3


def test_a_word_that_few_use_is_in_no_quote_label_or_weight(found: Topics) -> None:
    """A name that scrubbing left, said by four, is nowhere in the data; said by five it may be."""
    rare = "欧阳翠花"
    some = texts()[0]
    marked = [replace(each, words=f"{rare}说{each.words}") if n < 4 else each for n, each in enumerate(some)]
    text = frozen.text_of(fitting.fit(marked))
    assert rare not in text
    assert "欧阳" not in text
    assert "翠花" not in text


@given(
    st.text(alphabet="罚息催收电话apple banana 12，。", max_size=60),
    st.sets(st.sampled_from(["罚息", "催收", "apple"])),
)
def test_a_veil_leaves_only_common_words(words: str, common: set[str]) -> None:
    shown = wording.veiled(words, frozenset(common))
    assert {each for each in wording.used(shown) if len(each) > 1 or each.isascii()} <= common | set("")
    assert not any(each.isdigit() for each in shown)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_copies_are_grouped_under_the_first(some: list[str]) -> None:
    groups = twins.groups(some + some)
    assert all(groups[groups[place]] == groups[place] <= place for place in range(len(groups)))
    assert all(groups[place] == groups[place + len(some)] for place in range(len(some)))


def test_labels_do_not_repeat_themselves() -> None:
    heap = [("罚息太高了罚息", {str(n)}) for n in range(6)]
    said = labels.Said(heap)
    (name,) = labels.named([[words for words, _ in heap]], said)
    assert not any(one != other and one in other for one in name for other in name)
