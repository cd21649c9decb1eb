"""Own the routes of what people say to the bank: complaints, praise, ideas and questions, and what is done of them."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redress
from farthing.voice.cases import returns_service as returns
from farthing.voice.cases import service as voice
from farthing.voice.cases import texts_service as texts
from farthing.voice.topics import reading_service as topics
from farthing.voice.topics import service as sorting

router = router_of("/v1")

post(router, "/cases", voice.speak)
post(router, "/case-words", voice.add)
post(router, "/case-withdrawals", voice.withdraw)
post(router, "/case-appeals", voice.appeal)
post(router, "/case-reopenings", voice.reopen)
post(router, "/case-agreements", voice.agree)
post(router, "/case-ratings", voice.rate)
post(router, "/recorded-cases", recording.record)
post(router, "/case-notes", recording.note)
post(router, "/case-messages", recording.import_messages)
post(router, "/case-classes", handling.classify)
post(router, "/case-staff", handling.name_staff)
post(router, "/case-owners", handling.assign)
post(router, "/case-answers", handling.answer)
post(router, "/case-extensions", handling.extend)
post(router, "/case-pauses", handling.pause)
post(router, "/case-resumptions", handling.resume)
post(router, "/case-redress", redress.redress, money=True)
post(router, "/large-case-redress", redress.redress_large, money=True)
get(router, "/cases", reading.cases, "everything", "mine", "limit")
get(router, "/case-classes", reading.classes)
get(router, "/case-links", reading.linked, "limit")
get(router, "/case-counts", reading.waiting)
get(router, "/case-returns/{quarter}", returns.quarterly, "outlets", "customers")
get(router, "/case-texts", texts.texts, "since", "until", "cursor", "limit")
get(router, "/case-texts/{text_id}/case", reading.case_of_text)
get(router, "/cases/{case_id}", reading.case)
get(router, "/own-cases/{case_id}", reading.one)
get(router, "/parties/{party_id}/cases", reading.own, "limit")
get(router, "/parties/{party_id}/case-links", reading.linked_of)
post(router, "/topic-models", sorting.adopt)
post(router, "/topic-sortings", sorting.sort)
post(router, "/topic-names", sorting.name)
post(router, "/topic-merges", sorting.merge)
post(router, "/ended-topic-alarms", sorting.end_alarm)
get(router, "/topic-model", topics.model)
get(router, "/topics", topics.topics)
get(router, "/topics/{topic_id}", topics.one)
get(router, "/topics/{topic_id}/texts", topics.texts, "after", "limit")
get(router, "/topics/{topic_id}/changes/{changed_on}", topics.change, "control_id")
get(router, "/topic-alarms", topics.alarms, "everything", "limit")
