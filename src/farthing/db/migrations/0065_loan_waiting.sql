-- lending: loans that were accepted and are not paid out are found without reading every loan: the close asks each day which lapse.
CREATE INDEX loan_waiting ON loan (id) WHERE state IN ('accepted', 'funded');
