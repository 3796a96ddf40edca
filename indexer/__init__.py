"""From files to an index: source text, reports, paragraphs, passages, vectors, one generation."""
