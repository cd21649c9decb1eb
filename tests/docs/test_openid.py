"""The guide of OpenID as it is printed: a partner from the command line, its program by authlib, a file of providers."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from farthing.identity.outside.providers import providers_of
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.town.ports import ports_of
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.doors import serving
from tests.identity.people import Person, enrolled
from tests.parties.vouching.partners import decide, led
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "openid.md"
TOML = next(each.text for each in blocks(GUIDE) if each.language == "toml")


@pytest.mark.long
def test_a_partner_is_registered_asks_and_is_told(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    commanded(monkeypatch, bank.url)
    register, listed, rotate, end = next(each.text for each in blocks(GUIDE) if each.language == "sh").splitlines()
    with serving(bank) as address:
        done = enrolled(bank, Person())
        said = answered(*register.replace('"Corner Shop"', "Corner_Shop").split()[1:])
        client_id, secret = said.split(":")[0].strip(), said.rsplit(":", 1)[1].strip()
        assert client_id in answered(*listed.split()[1:])
        base = address.replace("127.0.0.1", "localhost")
        ask, take = (each.text for each in blocks(GUIDE) if each.language == "python")
        named: dict[str, Any] = {"BANK": base, "CLIENT_ID": client_id, "SECRET": secret}
        exec(compile(ask, str(GUIDE), "exec"), named)
        with httpx.Client(base_url=base, headers={"Accept-Language": "en"}) as browser:
            browser.get("/help")
            assert done.session is not None
            browser.cookies.set("farthing_session", str(done.session.token), domain="localhost.local")
            back = led(decide(browser, browser.get(named["address"]), "name"))
        named["came_back"] = dict(parse_qsl(urlsplit(back).query))
        exec(compile(take, str(GUIDE), "exec"), named)
        assert named["told"] == {"sub": named["who"]["sub"], "name": "林美"}
        assert "signs tokens" in answered(*rotate.split()[1:])
        assert len(httpx.get(f"{base}/v1/openid/keys").json()["keys"]) == 2, "the key before is published for a while"
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        assert "已终止" in answered(*end.replace("RP", client_id).split()[1:])


def test_the_file_of_providers_as_it_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(TOML, encoding="utf-8")
    (tmp_path / "grand.secret").write_text("of our own\n", encoding="utf-8")
    (found,) = providers_of(file)
    assert (found.name, found.issuer, found.secret, found.title.zh) == (
        "grand", "https://id.grand.example", "of our own", "大通银行",
    )  # fmt: skip
    assert "of our own" not in repr(found)
    assert ports_of(Settings(openid_providers=file, _env_file=None)).names("openid") == ("grand",)
    for odd in (
        "", "[[provider]]\nname = 3\n", TOML + TOML, TOML.replace("https", "http"), TOML.replace("secret_file", "password"),
        TOML.replace("grand.secret", "nothing"), TOML.replace('"grand"', '"../grand"'), TOML.replace('"farthing"', '""'),
    ):  # fmt: skip
        file.write_text(odd, encoding="utf-8")
        with pytest.raises(Refusal) as caught:
            providers_of(file)
        assert caught.value.code == "identity.outside_provider_bad", odd
