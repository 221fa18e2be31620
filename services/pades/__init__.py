"""Signing a paper: PAdES (ETSI EN 319 142-1) with visible signatures after Decree 30/2020/NĐ-CP.

Used by the service and by the signer's own computer; knows neither meetings nor members.
"""
