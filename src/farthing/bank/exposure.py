"""Own the way from a decision to an exchange of exposure: this bank as the lender that asks, and as the door of its own customer.

The bank has authenticated her and keeps her number, so that her side runs here, with a key of its own: it hears the lender's
signed wish, holds it against her consent, blinds and signs. Nothing of her identity leaves the house but a blinded point.
"""

from __future__ import annotations

from pathlib import Path

from farthing.credit.exposure import Exposure, ExposureQuestion
from farthing.exchange.blinded.door_service import Clock, by_the_wall
from farthing.exchange.blinded.law import SHIPPED, Law, law_of
from farthing.exchange.blinded.parties_service import nearby, seal
from farthing.exchange.exposure.client import HttpShelf, HttpTagger
from farthing.exchange.exposure.lender_service import LenderSide
from farthing.exchange.exposure.model import identity_text
from farthing.exchange.exposure.person_service import PersonSide
from farthing.kit.exposure import Exposure as Told
from farthing.kit.money import Money

LENDER, DOOR = "lender", "door"
PURPOSE = "loan_application"
DOCUMENT = "cn-id"
"""The one kind of document by which a person is registered here (GB 11643)."""
LEAST_OF = {"0": 0, "1": 1, "2-3": 2, "4+": 4}
"""How many lenders a band means at least."""


class Exchange:
    """Both sides of this bank, and the law whose bands it is answered in."""

    def __init__(self, name: str, lender: LenderSide, person: PersonSide, law: Law) -> None:
        self._name, self._lender, self._person, self._law = name, lender, person, law

    def ask(self, question: ExposureQuestion) -> Exposure:
        """What the shelf tells, by a permit that is good once; refuses what tagger and shelf refuse."""
        identity = identity_text(DOCUMENT, question.number)
        wish = self._lender.want(PURPOSE, question.consent)
        permit = self._person.permit(
            wish, identity, inquirer=self._name, consent=question.consent, currency=question.currency
        )
        return self._formed(self._lender.told(permit, identity), question.currency)

    def _formed(self, told: Told, currency: str) -> Exposure:
        nothing = Money.zero(currency)
        bands = self._law.bands_of(currency)
        if told.band not in bands.labels:
            asked = any(each != "0" for each in (told.asked_7, told.asked_30, told.asked_90))
            return Exposure(nothing, 0, told.as_of, "found" if asked else "no_record", told)
        number = bands.labels.index(told.band)
        least = Money(bands.answers[number - 1], currency) if number else nothing
        return Exposure(least, LEAST_OF.get(told.lenders, 0), told.as_of, "found", told)


def exchange(folder: Path, tagger_url: str, shelf_url: str, law: Path = SHIPPED, now: Clock = by_the_wall) -> Exchange:
    """The sides whose keys lie in a folder; refuses ``exposure.folder_unusable``."""
    read = law_of(law)
    lender, lenders_key, believed = nearby(folder / LENDER)
    door, doors_key, evaluator = nearby(folder / DOOR)
    shelf = HttpShelf(shelf_url)
    asks = LenderSide(lender.name, lenders_key, read, HttpTagger(tagger_url, believed), shelf, now)
    person = PersonSide(door.name, doors_key, read, HttpTagger(tagger_url, evaluator), *seal(folder / DOOR), now)
    return Exchange(lender.name, asks, person, read)
