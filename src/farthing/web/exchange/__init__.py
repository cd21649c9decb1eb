"""The pages of a person at a credit-information node: her report, who saw it, her consents, disputes and way in."""
