"""Own the order of a day's close: every step of every package, in plain sight, as the kernel is given it."""

from __future__ import annotations

from farthing.assurance import service as assurance
from farthing.assurance.erasure import service as erasure
from farthing.assurance.liabilities import service as liabilities
from farthing.assurance.phones import service as phones
from farthing.credit.review import service as reviews
from farthing.credit.succession import watching_service as models
from farthing.crowdfunding import day_service as crowd
from farthing.funding import distribution_service as distribution
from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.market import listings_service as listings
from farthing.funding.protection import service as protection
from farthing.funding.resale import service as resale
from farthing.kernel import day
from farthing.ledger import service as ledger
from farthing.lending.closing import service as loans
from farthing.lending.collections import day_service as collections
from farthing.lending.deferral import service as deferral
from farthing.lending.draws import service as draws
from farthing.lending.floating import service as floating
from farthing.lending.furnishing import service as furnishing
from farthing.lending.maturity import service as maturity
from farthing.lending.prudence import day_service as prudence
from farthing.lending.suspense import service as suspense
from farthing.payments.debits import drawing_service as debits
from farthing.payments.delayed import service as delayed
from farthing.payments.disputes import service as disputes
from farthing.payments.fraud import due_service as fraud
from farthing.payments.merchants import refunds_service as merchants
from farthing.payments.nostro import cut_service as nostro
from farthing.payments.orders import making_service as orders
from farthing.payments.packets import ending_service as packets
from farthing.payments.reported import due_service as reported
from farthing.payments.requests import ending_service as requests
from farthing.payments.standing import due_service as standing
from farthing.products.drafts import service as drafts
from farthing.savings.deposits import day_service as deposits
from farthing.savings.fund import day_service as fund
from farthing.savings.sweeps import service as odds
from farthing.sharing.pulling import carrying_service as pulling
from farthing.signing.renewal import service as stamps
from farthing.supply import paying_service as receivables
from farthing.voice.cases import day_service as cases
from farthing.voice.topics import service as topics

STEPS = (
    ledger.expire_piece,  # what lapsed holds reserve is free before anything is drawn
    merchants.settle,  # what merchants are owed is in their wallets before anything is drawn
    disputes.run_due,  # what ended is paid out of what merchants were settled,
    disputes.collect,  # and so is what was owed before
    fraud.end_due,  # what waited for a person has arrived or is back
    reported.end_due,  # what was frozen for too long is free
    requests.end_due,  # moves nothing
    packets.end_due,  # what goes back to senders is there to be drawn
    delayed.run_due,  # what was promised before
    debits.draw_due,  # mandates before what one arranged oneself, so that notice was given for nothing seldom
    orders.make_due,  # what a customer ordered to be paid today
    standing.run_due,  # before the bank draws what its customers owe it
    crowd.count_votes,
    crowd.decide_due,  # what was promised to projects is captured, or free, before anything is drawn
    receivables.let_lapse,  # what both signed is the next supplier's before it is paid,
    receivables.settle_due,  # and what repays loans is there before borrowers are asked
    loans.fall_due,
    floating.reset_rates,  # what fell due by today stands
    collections.remind,  # what could be drawn today was
    furnishing.warn_reporting,
    listings.end_listings,
    funding.lapse,
    reviews.tell_late,  # moves nothing
    cases.watch_clocks,  # moves nothing either
    cases.close_answered,
    topics.sort_day,  # what was said today is counted today
    topics.watch_week,
    draws.lapse_undrawn,  # whoever asked for more today has it
    distribution.distribute_day,  # partners are settled with for what was collected today
    protection.protect,  # what was given up today was shared out
    covers.claim_cover,  # and it is known how late each loan is
    resale.resell,  # what was collected today was shared out to who held the notes
    funding.settle_partners,
    odds.sweep_all,  # small change of the day is in the deposits before they are reckoned
    odds.decide_groups,
    deposits.fall_due,
    deposits.settle_quarter,
    deposits.accrue,  # what was paid out or opened today is known
    fund.share_income,
    fund.settle_orders,  # orders of the day are settled at the index that its income made
    prudence.snapshot_month,  # whatever could be paid today was
    prudence.provide_month,
    suspense.suspend_month,  # what is too late is known
    deferral.defer_month,
    maturity.ladder_month,  # nothing of the day moves money any more
    furnishing.furnish_month,  # each loan was classed
    nostro.cut_rails,
    models.score_by_models,  # the day's decisions are made; it changes none
    stamps.renew_stamps,
    phones.phones_fall_due,
    pulling.pull_due,
    erasure.erase_due,  # nothing of the day is open any more
    drafts.lapse_drafts,
    day.forget_keys,
    liabilities.prove_day,  # a job does it when the day is closed
    assurance.daily_checkpoint,  # last: a row ends where much was handled, and it tells of all the leaves that wait
)
"""The steps of a close, in their order; then the business date moves on."""
