"""Training: a table of token vectors, learnt by telling a pair's other side from those of other pairs.

A token's vector is its own row plus the rows of its characters or letter groups, times 1/sqrt(rows) and a
learned weight. A text's is the sum over its tokens, scaled to length 1. Loss: InfoNCE in both directions
(van den Oord et al., 2018) at temperature 0.05; weights start as SIF's (Arora et al., 2017, a = 1e-3). Adam
touches only the rows of a batch.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, embedding_bag, normalize

from models.training.data import Encoded, load_encoded
from models.training.vocabulary import pieces_of

__all__ = ["Recipe", "train"]

BUCKETS = 16_000
WARM_UP = 50
BETAS = (0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of."""

    dims: int = 512
    batch: int = 1024
    steps: int = 2600
    temperature: float = 0.05
    rate: float = 3e-3
    spans: float = 0.12
    neighbours: float = 0.5
    power: float = 0.8
    seed: int = 0


class Rows:
    """A matrix of which a step reads and changes some rows, with Adam's two moments of each."""

    def __init__(self, matrix: torch.Tensor) -> None:
        self.matrix = matrix
        self._first, self._second = torch.zeros_like(matrix), torch.zeros_like(matrix)

    def leaf(self, rows: torch.Tensor) -> torch.Tensor:
        """Return a copy of some rows that gathers a gradient."""
        return self.matrix[rows].requires_grad_()

    def update(self, rows: torch.Tensor, gradient: torch.Tensor | None, rate: float, step: int) -> None:
        """Apply one Adam step (Kingma and Ba, 2015) to some rows. Raises ValueError where there is no gradient."""
        if gradient is None:
            raise ValueError("update before backward")
        first = self._first[rows].mul_(BETAS[0]).add_(gradient, alpha=1 - BETAS[0])
        second = self._second[rows].mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
        self._first[rows], self._second[rows] = first, second
        scale = rate / (1 - BETAS[0] ** step)
        root = (second / (1 - BETAS[1] ** step)).sqrt_().add_(1e-8)
        self.matrix[rows] -= scale * first / root


class Table:
    """The parameters, and how the vector of a token is put together from them."""

    def __init__(self, tokenizer: Tokenizer, frequencies: NDArray[np.float64], recipe: Recipe) -> None:
        vocabulary = tokenizer.get_vocab()
        tokens = sorted(vocabulary, key=lambda token: vocabulary[token])
        parts: list[list[int]] = []
        for number, token in enumerate(tokens):
            made_of = [
                len(tokens) + piece if isinstance(piece, int) else vocabulary[piece]
                for piece in pieces_of(token, BUCKETS)
                if isinstance(piece, int) or piece in vocabulary
            ]
            parts.append([number, *made_of])
        self.size = len(tokens)
        self._sizes = torch.tensor([len(part) for part in parts])
        self._starts = torch.cumsum(self._sizes, 0) - self._sizes
        self._parts = torch.tensor([row for part in parts for row in part])
        generator = torch.Generator().manual_seed(recipe.seed)
        matrix = torch.randn(len(tokens) + BUCKETS, recipe.dims, generator=generator) / math.sqrt(recipe.dims)
        self.rows = Rows(matrix)
        sif = torch.tensor(np.log(1e-3 / (1e-3 + frequencies)), dtype=torch.float32)
        self.weights = Rows(sif[:, None])

    def constituents(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the matrix rows of some tokens, flat, where each token's begin, and each row's factor."""
        sizes = self._sizes[tokens]
        ends = torch.cumsum(sizes, 0)
        starts = ends - sizes
        within = torch.arange(int(ends[-1])) - torch.repeat_interleave(starts, sizes)
        flat = self._parts[torch.repeat_interleave(self._starts[tokens], sizes) + within]
        return flat, starts, torch.repeat_interleave(sizes.float().rsqrt(), sizes)

    def folded(self, power: float) -> NDArray[np.float32]:
        """Return every token's vector, (tokens, dims), its length raised to `power`."""
        flat, starts, factors = self.constituents(torch.arange(self.size))
        vectors = embedding_bag(flat, self.rows.matrix, starts, mode="sum", per_sample_weights=factors)
        vectors = vectors * self.weights.matrix.exp()
        lengths = vectors.norm(dim=1, keepdim=True).clamp_min(1e-9)
        vectors = vectors * lengths ** (power - 1)
        vectors[:2] = 0
        found: NDArray[np.float32] = vectors.numpy()
        return found


class Batches:
    """Batches of one source each, drawn by the sources' shares."""

    def __init__(self, sources: list[Encoded], recipe: Recipe) -> None:
        self._sources, self._recipe = sources, recipe
        self._shares = np.array([source.share for source in sources])
        self._shares /= self._shares.sum()
        self._spanned = [i for i, one in enumerate(sources) if one.name in _SPANNED]
        self._draw = np.random.default_rng(recipe.seed)

    def next(self) -> tuple[list[NDArray[np.int32]], list[NDArray[np.int32]], NDArray[np.bool_]]:
        """Return token ids of both sides and which (left, right) are equal to a pair though not its own."""
        spans = self._draw.random() < self._recipe.spans
        which = (
            self._draw.choice(self._spanned)
            if spans
            else self._draw.choice(len(self._sources), p=self._shares)
        )
        source = self._sources[which]
        size = min(self._recipe.batch, len(source))
        if source.ordered and self._draw.random() < self._recipe.neighbours:
            starts = self._draw.choice(max(1, len(source) - 16), size=size // 16)
            rows = np.unique((starts[:, None] + np.arange(16)).ravel()) % len(source)
        else:
            rows = self._draw.choice(len(source), size=size, replace=False)
        sides = []
        for ids, bounds in zip(source.ids, source.bounds, strict=True):
            sides.append([ids[bounds[row] : bounds[row + 1]] for row in rows])
        left, right = (hashes[rows] for hashes in source.hashes)
        if spans:
            sides[0] = [self._span(text) for text in sides[1]]
            left = right
        kept = [i for i, (a, b) in enumerate(zip(*sides, strict=True)) if len(a) and len(b)]
        left, right = left[kept], right[kept]
        same = (left[:, None] == left[None]) | (right[:, None] == right[None])
        np.fill_diagonal(same, False)
        return [sides[0][i] for i in kept], [sides[1][i] for i in kept], same

    def _span(self, text: NDArray[np.int32]) -> NDArray[np.int32]:
        length = int(self._draw.integers(3, 11))
        start = int(self._draw.integers(0, max(1, len(text) - length + 1)))
        return text[start : start + length]


_SPANNED = {"drcd", "cmrc_trial", "xwlb_head", "xwlb_adj", "law_title", "med"}


def train(work: Path, recipe: Recipe) -> tuple[NDArray[np.float32], list[float]]:
    """Train on what `prepare` wrote; return the table, (tokens, dims), and the loss of every hundredth step."""
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    sources = load_encoded(work)
    counts = np.ones(tokenizer.get_vocab_size())
    for source in sources:
        both = np.bincount(np.concatenate(source.ids), minlength=len(counts)).astype(float)
        counts += 1e6 * source.share * both / both.sum()
    table = Table(tokenizer, counts / counts.sum(), recipe)
    batches = Batches(sources, recipe)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(1, recipe.steps + 1):
        left, right, same = batches.next()
        ids = torch.from_numpy(np.concatenate(left + right).astype(np.int64))
        sizes = torch.tensor([len(text) for text in left + right])
        tokens, place = torch.unique(ids, return_inverse=True)
        flat, starts, factors = table.constituents(tokens)
        touched, inverse = torch.unique(flat, return_inverse=True)
        rows, weights = table.rows.leaf(touched), table.weights.leaf(tokens)
        vectors = embedding_bag(inverse, rows, starts, mode="sum", per_sample_weights=factors) * weights.exp()
        texts = normalize(embedding_bag(place, vectors, torch.cumsum(sizes, 0) - sizes, mode="sum"))
        near = texts[: len(left)] @ texts[len(left) :].T / recipe.temperature
        near = near.masked_fill(torch.from_numpy(same), -1e4)
        own = torch.arange(len(left))
        loss = (cross_entropy(near, own) + cross_entropy(near.T, own)) / 2
        loss.backward()  # type: ignore[no-untyped-call]
        rate = recipe.rate * min(step / WARM_UP, (recipe.steps - step + 1) / recipe.steps)
        table.rows.update(touched, rows.grad, rate, step)
        table.weights.update(tokens, weights.grad, 3 * rate, step)
        if step % 100 == 0:
            losses.append(loss.item())
            print(f"step {step}: loss {loss.item():.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return table.folded(recipe.power), losses
