"""What a decision rests on, gathered: bills, what the party's shops took here, what is owed, and who vouches for it."""
