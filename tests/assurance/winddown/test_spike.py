from farthing.assurance.winddown.folder import findings, opened
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.resale.audit_service import verify as verify_resales
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.meeting.service import verify as verify_evidence
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.backing.audit_service import verify as verify_backing
from farthing.lending.deferral import service as deferral
from farthing.lending.groups.audit_service import verify as verify_groups
from farthing.lending.prudence.audit_service import verify as verify_provisions
from farthing.lending.suspense import service as suspense
from tests.funding.market.test_life import Market, living
from tests.lending.house import House
from tests.assurance.winddown.two import *
import json, time

def test_spike(shelf):
    with shelf.database() as url:
        house = House(url, lived=living)
        m = Market(house, house.made)
        for act, n in [("seek",2),("pick",2),("batch",0),("day",0),("day",3),("pay_out",0),("seek",1),("pick",1),("batch",0),("month",0),("repay",0),("day",0),("month",0),("day",3),("repay",0)]:
            m.do(act,n)
            print(act, n, [(l.state, [h.name for h in l.holders]) for l in m.loans()])
        own = house.active("1000") if False else None
        t=time.time()
        files = exported(house.bank)
        print("export", time.time()-t, len(files), sum(map(len, files.values())))
        ex = opened(files)
        print(json.dumps(ex.manifest.sums, indent=1))
        t=time.time()
        print("findings", findings(ex), time.time()-t)
        new = empty(shelf, "servicer_1", house.today)
        t=time.time()
        taken_over(new, files)
        print("import", time.time()-t)
        for v in (verify_ledger, verify_loans, verify_notes, verify_market, verify_resales, verify_backing, verify_groups, verify_provisions):
            f = new.read(v, snapshot=True).findings
            print(v.__module__, f)
        for v in (suspense.verify, deferral.verify):
            print(v.__module__, new.read(v, snapshot=True))
        print(new.read(verify_evidence, snapshot=True))
        from farthing.ledger import service as ledger
        print([ (b.path, str(b.balance)) for b in new.read(lambda tx: ledger.balances(tx)) if b.balance.minor and not b.path.startswith('liabilities:wallets')])
        for name in ("people","claims","holders","lenders","schedule","sales"):
            p=files.get(f"papers/{name}.csv"); print(p.decode()[:600] if p else None)
        new.kernel.database.close(); shelf.discard("servicer_1")
        house.bank.kernel.database.close()
