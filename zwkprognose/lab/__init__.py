"""The Demografielabor: the engine in one page, to change assumptions together and see at once what follows."""

from zwkprognose.lab.page import Lab, lab

__all__ = ["Lab", "lab"]
