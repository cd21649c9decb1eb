-- kernel: the draft about a thing is found by its reference, however many wait.
CREATE INDEX approval_about ON approval (operation, (command ->> 'reference')) WHERE state = 'waiting';
