"""Own the routes of agreements of any form: drawn up, signed, sealed, stepped back from, read."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.assurance import agreements_service as packages
from farthing.assurance import contests_service as contesting
from farthing.signing.agreements import service as agreements
from farthing.signing.contests import service as contests

router = router_of("/v1")

post(router, "/agreement-forms", agreements.publish_form)
post(router, "/agreements", agreements.draw)
post(router, "/agreement-signatures", agreements.sign)
post(router, "/agreement-seals", agreements.seal)
post(router, "/agreement-withdrawals", agreements.step_back)
post(router, "/agreement-evidence-packages", packages.package_agreement)
post(router, "/loan-contests", contesting.contest_loan)
post(router, "/agreement-contests", contesting.contest_agreement)
post(router, "/contest-withdrawals", contesting.withdraw)
post(router, "/contest-decisions", contesting.decide)
get(router, "/contests", contests.contests, "after", "limit")
get(router, "/parties/{party_id}/contests", contests.own_contests)
get(router, "/agreement-forms", agreements.forms)
get(router, "/agreements", agreements.agreements_drawn, "before", "limit")
get(router, "/agreements/{agreement_id}", agreements.agreement)
get(router, "/agreements/{agreement_id}/document.pdf", agreements.agreement_pdf, pdf=bytes)
get(router, "/parties/{party_id}/agreements", agreements.agreements)
get(router, "/parties/{party_id}/agreements/{agreement_id}", agreements.own_agreement)
get(router, "/parties/{party_id}/agreements/{agreement_id}/document.pdf", agreements.own_agreement_pdf, pdf=bytes)
