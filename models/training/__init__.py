"""The recipe that makes the built-in model: sources, pairs, tokenizer, training, evaluation, export.

Run as `python -m models.training --help`; nothing here is imported when serving.
"""
