"""Asked about the first day of the calendar, the last, or one before computers counted, no question of the API breaks."""

from __future__ import annotations

import pytest

from farthing.api.app import create_app
from farthing.bank.staff import key_of
from farthing.identity.model import CreateApiKey
from tests.asking import asking
from tests.conftest import Bank
from tests.hands import city


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31"])
def test_no_question_breaks_at_the_ends_of_the_calendar(bank: Bank, day: str) -> None:
    city(bank)
    token = key_of(bank.kernel, CreateApiKey("ends", "ends", "system")).token
    asked = 0
    with asking(create_app(bank.kernel), headers={"Authorization": f"Bearer {token}"}) as client:
        for path, methods in client.get("/v1/openapi.json").json()["paths"].items():
            told = methods.get("get", {}).get("parameters", [])
            days = [each for each in told if "date" in str(each["schema"])]
            if not days or "date-time" in str(days):
                continue
            wanted = {each["name"]: day for each in days} | {
                each["name"]: "x" for each in told if each.get("required") and each not in days
            }
            answer = client.get(
                path.format(**wanted), params={name: wanted[name] for name in wanted if f"{{{name}}}" not in path}
            )
            assert answer.status_code < 500, (path, answer.text)
            asked += 1
    assert asked > 10, "the description still says which fields are days"
