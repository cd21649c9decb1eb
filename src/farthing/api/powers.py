"""Own the routes of powers to act for another: entered, ended, read, and what two signatories decide jointly."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service as acting
from farthing.signing.powers import service as powers

router = router_of("/v1")

post(router, "/powers", powers.grant_power)
post(router, "/powers/guardians", acting.enter_guardian)
post(router, "/powers/signatories", acting.enter_signatory)
post(router, "/powers/revocations", acting.revoke_power)
post(router, "/powers/ends", acting.end_power, status=200)
post(router, "/joint-acts/decisions", joint.decide_joint, money=True, status=200)
get(router, "/parties/{party_id}/powers-given", acting.powers_given)
get(router, "/parties/{party_id}/powers-held", acting.powers_held)
get(router, "/parties/{party_id}/acts", acting.acts, "limit")
get(router, "/parties/{party_id}/joint-acts", joint.joint_acts)
