"""Numbers that travel in a page come back to the bit, however they are packed."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.packing import packed


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    context = MiniRacer()
    context.eval(engine_script())
    return context


def unpacked(script: MiniRacer, arrays: dict[str, dict[str, object]], by_factors: list[str], text: str) -> np.ndarray:
    """The numbers as the page has them; each travels back as two halves of its bits."""
    raw = list(zlib.decompress(base64.b64decode(text)))
    halves = script.eval(
        f"JSON.stringify([...unpacking.arrays(Uint8Array.from({raw}), {json.dumps(arrays)}, "
        f"{json.dumps(by_factors)})].flatMap(([, values]) => [...new Uint32Array(values.buffer)]))"
    )
    return np.array(json.loads(str(halves)), "<u4").view("<f8")


def laid_out(*values: np.ndarray) -> tuple[dict[str, dict[str, object]], np.ndarray]:
    arrays, at = {}, 0
    for k, one in enumerate(values):
        dims = ["year", "area", "age"] if one.ndim == 3 else ["area", "age"]
        arrays[f"a{k}"] = {"dims": dims, "shape": one.shape, "at": at}
        at += one.size
    return arrays, np.concatenate([one.ravel() for one in values])


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((one.view(np.uint64) == other.view(np.uint64)).all())


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 4), st.integers(1, 9))
def test_what_follows_one_factor_an_area_and_year_comes_back(
    script: MiniRacer, seed: int, years: int, areas: int, ages: int
) -> None:
    rng = np.random.default_rng(seed)
    first = rng.gamma(0.5, 3.0, (areas, ages)) * (rng.random((areas, ages)) > 0.2)
    values = first * rng.uniform(0.5, 2.0, (years, areas, 1)) / 3.0 * 3.0
    values[rng.random(values.shape) < 0.02] = rng.random()
    arrays, numbers = laid_out(values, first)
    by_factors, text = packed(arrays, numbers)
    assert same_bits(unpacked(script, arrays, by_factors, text), numbers)


@given(st.integers(0, 2**32 - 1))
def test_what_follows_no_factor_travels_as_it_is(script: MiniRacer, seed: int) -> None:
    arrays, numbers = laid_out(np.random.default_rng(seed).random((3, 2, 5)))
    by_factors, text = packed(arrays, numbers)
    assert by_factors == []
    assert same_bits(unpacked(script, arrays, by_factors, text), numbers)


def test_a_step_may_carry_into_the_upper_half(script: MiniRacer) -> None:
    edge = np.array([0xFFFFFFFF, 0x3FF00000], "<u4").view("<f8")[0]
    values = np.array([[[edge, 1.0, 1.0]], [[np.nextafter(edge, 2), 1.0, 1.0]], [[edge, np.nextafter(1.0, 0), 1.0]]])
    arrays, numbers = laid_out(values)
    by_factors, text = packed(arrays, numbers)
    assert by_factors == ["a0"]
    assert same_bits(unpacked(script, arrays, by_factors, text), numbers)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_what_a_rate_is_otherwise_follows_its_first_year(script: MiniRacer, seed: int, years: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.gamma(0.5, 3.0, (3, 5)) * (rng.random((3, 5)) > 0.2)
    one, other = (first * rng.uniform(0.5, 2.0, (years, 3, 1)) / 7.0 for _ in range(2))
    other[rng.random(other.shape) < 0.02] = rng.random()
    arrays, numbers = laid_out(one, other)
    arrays = {"rate": arrays["a0"], "rate@": arrays["a1"]}
    by_factors, text = packed(arrays, numbers)
    assert same_bits(unpacked(script, arrays, by_factors, text), numbers)
    if years > 1 and "rate@" in by_factors:
        alone = packed({"rate": arrays["rate"], "another": arrays["rate@"]}, numbers)[1]
        assert len(zlib.decompress(base64.b64decode(text))) < len(zlib.decompress(base64.b64decode(alone)))


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_areas_that_differ_by_a_factor_come_back(script: MiniRacer, seed: int, areas: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.random(30) * rng.uniform(0.5, 2.0, (areas, 1)) / 3.0
    arrays, numbers = laid_out(values)
    by_factors, text = packed(arrays, numbers)
    assert by_factors == ["a0"]
    assert same_bits(unpacked(script, arrays, by_factors, text), numbers)
