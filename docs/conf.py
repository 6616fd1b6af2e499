"""Sphinx settings of the German documentation."""

project = "zwkprognose"
author = "The zwkprognose developers"
language = "de"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
html_theme = "pydata_sphinx_theme"
html_title = "zwkprognose"
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"
autodoc_typehints = "description"
napoleon_numpy_docstring = True
html_theme_options = {"use_edit_page_button": False, "show_prev_next": True, "navigation_with_keys": True}
html_show_sourcelink = False
