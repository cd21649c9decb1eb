"""Attacked PDFs of the published classes, made from the papers' descriptions.

V. Mladenov, C. Mainka, K. Meyer zu Selhausen, M. Grothe, J. Schwenk, *1 Trillion Dollar Refund: How To Spoof PDF Signatures*
(CCS 2019): incremental saving, signature wrapping, universal signature forgery. C. Mainka, V. Mladenov, S. Rohlmann, *Shadow
Attacks: Hiding and Replacing Content in Signed PDFs* (NDSS 2021). S. Rohlmann, V. Mladenov, C. Mainka, J. Schwenk, *Breaking the
Specification: PDF Certification* (S&P 2021): evil annotations, sneaky signatures.
"""
