"""Measurements that the README and docs quote; each prints ratios from one run."""
