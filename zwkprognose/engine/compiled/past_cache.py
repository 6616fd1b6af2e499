"""Rows of results written past the cache: nobody reads them again soon, and memory need not be read to be overwritten.

A result is larger than the cache. Written in the ordinary way it drives out what the loops are working on, and they
wait for it; put together in rows that stay in the cache and copied from there like this, it costs what filling costs.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from zwkprognose.engine.compiled.compiling import called
from zwkprognose.engine.compiled.rows import copy


def begins(typing: Any, table: Any, n: Any) -> Any:
    """Where a row of a table begins in memory."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, given[0])
        zero = context.get_constant(types.uintp, 0)
        first = cgutils.get_item_pointer(context, builder, signature.args[0], array, [given[1], zero])
        return builder.ptrtoint(first, given[1].type)

    return types.uintp(table, types.uintp), code


address: Any = intrinsic(begins)


def copying(cells: int) -> Any:
    """Copy so many neighbouring numbers past the cache, to an address that is a multiple of their size."""

    def typed(typing: Any, to: Any, source: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            kind = ir.VectorType(ir.DoubleType(), cells) if cells > 1 else ir.DoubleType()
            into, values = (builder.inttoptr(one, kind.as_pointer()) for one in given)
            value = builder.load(values)
            value.align = 8
            stored = builder.store(value, into)
            stored.align = 8 * cells
            stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
            return context.get_dummy_value()

        return types.void(types.uintp, types.uintp), code

    return intrinsic(typed)


put_one, put_four = copying(1), copying(4)


def past(a, b, values, v, into, n):
    """Copy one row to another past the cache."""
    size, four = np.uintp(8), np.uintp(32)
    to, source, end = address(into, n) + a * size, address(values, v) + a * size, (b - a) * size
    first = min((four - to % four) % four, end)
    stop = first + (end - first) // four * four
    for k in range(np.uintp(0), first, size):
        put_one(to + k, source + k)
    for k in range(first, stop, four):
        put_four(to + k, source + k)
    for k in range(stop, end, size):
        put_one(to + k, source + k)


#: Instructions exist in compiled code only.
put = copy if vars(config)["DISABLE_JIT"] else called(past)
