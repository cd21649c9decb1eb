"""What may be computed about somebody is told to anybody, in one language at a time; a table of features is made of two files."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.credit.catalogue.read import catalogue
from farthing.credit.insight import service as insight
from farthing.kit.errors import Refusal
from tests.credit.test_statements import COLUMNS, ROWS, SIGNED

WHOM = '[people]\nperson = "id"\nas_of = "on"\nkeep = ["bad"]\n'
PEOPLE = "id,on,bad,other\nA,2026-04-01,1,x\nB,2026-04-01,0,y\n"


def files(folder: Path, layout: str, people: str) -> list[str]:
    (folder / "layout.toml").write_text(layout, encoding="utf-8")
    (folder / "rows.csv").write_text("\n".join([",".join(COLUMNS), *(",".join(row) for row in ROWS)]), encoding="utf-8")
    (folder / "people.csv").write_text(people, encoding="utf-8")
    return [str(folder / name) for name in ("layout.toml", "rows.csv", "people.csv")]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["credit", "features", *arguments])
    if isinstance(result.exception, Refusal):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_table_of_features_is_made_of_two_files(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    told = run(*files(tmp_path, SIGNED + WHOM, PEOPLE), "-o", str(out))
    assert "27 features of 2 people" in told
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("person,as_of,bad,months_covered,income_level,")
    assert lines[1].startswith("A,2026-04-01,1,2.0,")
    assert "other" not in lines[0]


@pytest.mark.parametrize(
    ("layout", "people", "code"),
    [
        (SIGNED, PEOPLE, "credit.features_spec_invalid"),
        (SIGNED + WHOM.replace("bad", "worse"), PEOPLE, "credit.features_spec_invalid"),
        (SIGNED + WHOM.replace("bad", "person"), PEOPLE, "credit.features_spec_invalid"),
        (SIGNED + WHOM.replace("bad", "margin"), PEOPLE, "credit.features_spec_invalid"),
        (SIGNED + WHOM, PEOPLE.replace("2026-04-01", "soon"), "credit.features_spec_invalid"),
        (SIGNED + WHOM, "", "credit.features_spec_invalid"),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path: Path, layout: str, people: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        run(*files(tmp_path, layout, people), "-o", str(tmp_path / "out.csv"))
    assert caught.value.code == code
    assert not (tmp_path / "out.csv").exists()


def test_half_a_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        run(*files(tmp_path, SIGNED + WHOM, PEOPLE))
    assert caught.value.code == "commands.features_half_asked"


def test_the_catalogue_is_listed_from_the_command_line() -> None:
    told = run()
    for each in catalogue().values():
        assert f"  {each.name}: {each.called.en}; {each.window.words.en}" in told
        assert each.meaning.zh not in told


def test_the_views_are_the_catalogue() -> None:
    views = insight.features(None)  # type: ignore[arg-type]
    assert [each.name for each in views] == list(catalogue())
    assert all(each.told_by and each.law.zh and each.window.en for each in views)
