"""Open a bank, found it, and say in plain sight what its day's close does and whom outside it may ask.

What every bank needs, and nothing of the simulated city: no made-up institution, no invented money, no sandbox peer.
"""
