"""Assurance: publish the evidence log, and write the package from which a court's expert checks one loan alone."""
