"""Indexing that is told to stop, and indexing that goes on until it is."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from indexer.build import BuildReport

__all__ = ["interruptible", "keep_up"]

_AGAIN = 60.0
"""Seconds after which a build that failed is tried again, though no file has changed: the disk may have room now."""


class _Terminated(KeyboardInterrupt):
    """SIGTERM, raised where Ctrl-C would be, so that both end what has been begun."""


@contextmanager
def _sigterm_like_ctrl_c() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def interruptible(run: Callable[[], BuildReport]) -> BuildReport:
    """Index once; where that is interrupted, say that the index is whole, and exit as shells expect."""
    try:
        with _sigterm_like_ctrl_c():
            return run()
    except KeyboardInterrupt as interrupt:
        number = signal.SIGTERM if isinstance(interrupt, _Terminated) else signal.SIGINT
        click.secho("已中断，索引完好 / interrupted; the index is whole", err=True, fg="red")
        raise SystemExit(128 + number) from None


def keep_up(paths: Sequence[Path], index: Path, run: Callable[[], BuildReport], every: float) -> None:
    """Index now and after every change, until Ctrl-C or SIGTERM, which are how a watch ends: status 0.

    A build that fails leaves the index and is tried again. Raises IndexBusy where another watch keeps the index.
    """
    from indexer.errors import BuildError, IndexBusy
    from indexer.store import generations
    from indexer.watching import Watch

    watch = Watch(paths, every)
    try:
        with _sigterm_like_ctrl_c(), generations.watched(index):
            while True:
                seen = watch.wait()
                try:
                    run()
                    watch.indexed(seen)
                except BuildError as error:
                    click.secho(f"错误 error: {error}", err=True, fg="red")
                    watch.failed(seen, every if isinstance(error, IndexBusy) else _AGAIN)
                click.echo("守候中，Ctrl-C 结束 / watching", err=True)
    except KeyboardInterrupt:
        click.echo("已停止守候 / stopped", err=True)
