"""One truth in labelled arrays: checked Datasets of stocks on 31.12. and of the flows in the years."""

from zwkprognose.inputs.build import build_inputs
from zwkprognose.inputs.schema import check_dataset

__all__ = ["build_inputs", "check_dataset"]
