"""Interest that is no income: what is owed of it by loans that are too late stands against what was recognised."""
