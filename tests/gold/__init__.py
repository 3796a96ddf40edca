"""Gold questions and facts over our own reports; the suite fails when a figure drops."""
