"""The close of a day for funds: income is shared out, orders move on."""
