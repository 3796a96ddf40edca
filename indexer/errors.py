"""Everything that can go wrong between a file and an open index.

FawenError
├── FileProblem     one file cannot be indexed; the others still are
├── BuildError      no generation could be made; what was there stays
│   └── IndexBusy   because another process is writing the index, or keeps it up to date
└── IndexUnusable   there is no index, or it must not be opened as it is
"""

__all__ = ["BuildError", "FawenError", "FileProblem", "IndexBusy", "IndexUnusable"]


class FawenError(Exception):
    """Base of the errors a user is shown as one line."""


class FileProblem(FawenError):  # noqa: N818 - it is reported, not raised to the user
    """One file cannot be indexed: which one, a code for machines, and why in words."""

    def __init__(self, path: str, code: str, reason: str):
        super().__init__(f"{path}: {reason}")
        self.path, self.code, self.reason = path, code, reason


class BuildError(FawenError):
    """A build could not produce a generation; the index is as it was."""


class IndexBusy(BuildError):  # noqa: N818 - reads as a state, which it is
    """Another process is writing the index, or keeps it up to date."""


class IndexUnusable(FawenError):  # noqa: N818 - reads as a state, which it is
    """The index is missing, damaged, of another format, or made with another encoder."""
