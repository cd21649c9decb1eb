"""Own the routes of crowdfunding: projects, gifts, milestones, votes, words to backers."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.crowdfunding import service as crowd

router = router_of("/v1")

post(router, "/projects", crowd.propose)
post(router, "/project-openings", crowd.open_project)
post(router, "/project-refusals", crowd.refuse)
post(router, "/gifts", crowd.give, money=True)
post(router, "/gift-withdrawals", crowd.take_back, money=True)
post(router, "/project-words", crowd.tell)
post(router, "/milestone-requests", crowd.ask_release)
post(router, "/milestone-votes", crowd.vote)
post(router, "/milestone-payments", crowd.release, money=True)
get(router, "/projects", crowd.projects, "before", "limit")
get(router, "/projects-waiting", crowd.waiting, "limit")
get(router, "/projects/{project_id}", crowd.project)
get(router, "/parties/{party_id}/projects", crowd.own_projects)
get(router, "/parties/{party_id}/gifts", crowd.own_gifts, "limit")
