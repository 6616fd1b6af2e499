"""Parts of compiled functions: joined to what calls them before anything is optimised.

Left to itself numba optimises every function together with all that it calls and makes machine code of it, also where
only other compiled functions call it: what stands five calls deep is optimised six times. Parts are handed on as they
come from numba's front end instead, so that optimiser and assembler see everything once, with the kernel.

This is made of inner classes of numba: it is asked for only by versions with which it was tried (``compiling.JOINS``).
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering


class PartLibrary(JITCodeLibrary):
    """The code of a part and of the parts that it calls, neither optimised nor made machine code of."""

    def finalize(self) -> None:
        """Take in what is called."""
        for library in dict.fromkeys(self._linking_libraries):
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


class LowerPart(Lower):
    """From numba's front end to unoptimised code."""

    def setup_function(self, fndesc: Any) -> None:
        """A part that is not written into its callers stays a function: a loop is as fast in one place as in many."""
        super().setup_function(fndesc)
        if not fndesc.inline:
            self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class LowerForCallers(NativeLowering):
    """Translate a part, for its callers only."""

    _name = "lower_for_callers"
    lowering_class = LowerPart

    def run_pass(self, state: Any) -> bool:
        """Lower it into a library of parts and tell its callers where to find it."""
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        name: Any = [].append  # numba knows a function by some builtin of its own
        lowered = state["cr"]
        state.targetctx.insert_user_function(name, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=name)
        return True


class Part(CompilerBase):
    """Numba's own passes but for the last."""

    def define_pipelines(self) -> list[Any]:
        """One way to translate."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(LowerForCallers if one is NativeLowering else one, what) for one, what in passes.passes]
        passes.finalize()
        return [passes]
