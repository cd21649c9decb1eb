"""Own asking others for money: requests to pay, answered once; bills that are split; and who asks nobody any more."""
