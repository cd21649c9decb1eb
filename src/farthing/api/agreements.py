"""Own the routes of agreements of any form: drawn up, signed, sealed, stepped back from, read; and the built-in authority's
responder, which speaks RFC 6960 and no JSON."""

from __future__ import annotations

import base64
from typing import Annotated

from fastapi import Body, Request
from fastapi.responses import Response

from farthing.api.ground import UNKEPT, get, kernel_of, post, router_of
from farthing.assurance import agreements_service as packages
from farthing.assurance import contests_service as contesting
from farthing.identity.rules import ANONYMOUS
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements
from farthing.signing.contests import service as contests
from farthing.signing.custody import service as custody
from farthing.signing.revocation.client import ANSWER, REQUEST

router = router_of("/v1")

post(router, "/agreement-forms", agreements.publish_form)
post(router, "/agreements", agreements.draw)
post(router, "/agreement-signatures", agreements.sign)
post(router, "/agreement-certificates", custody.ask_certificate)
post(router, "/agreement-signatures/given", custody.give_signature)
post(router, "/agreement-signatures/at-counter", custody.sign_at_counter)
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
get(router, "/parties/{party_id}/prepared-documents/{prepared_id}", custody.prepared_document, pdf=bytes)
get(router, "/parties/{party_id}/agreements", agreements.agreements)
get(router, "/parties/{party_id}/agreements/{agreement_id}", agreements.own_agreement)
get(router, "/parties/{party_id}/agreements/{agreement_id}/document.pdf", agreements.own_agreement_pdf, pdf=bytes)


@router.post("/ocsp", include_in_schema=False)
def ocsp(request: Request, asked: Annotated[bytes, Body(media_type=REQUEST)]) -> Response:
    """Whether a certificate of the built-in authority was revoked (RFC 6960 appendix A.1), for anybody who asks."""
    sent = base64.b64encode(asked).decode()
    answer = kernel_of(request).ask(signing.ocsp, actor=ANONYMOUS, request_base64=sent)
    return Response(answer, media_type=ANSWER, headers=UNKEPT)
