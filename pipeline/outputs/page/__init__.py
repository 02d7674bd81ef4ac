"""A post and its translation on one page: an HTML file that needs no other file and no network.

Texts stand side by side, segment by segment; code, formulas, images and what is the same in both
languages stand there once. The page has no script: the switch between the languages is a set of
radio buttons, and its policy (CSP) forbids everything but its own style and inlined images.
"""

from pipeline.outputs.page.bitext import Bitext, Target
from pipeline.outputs.page.inline import Picture
from pipeline.outputs.page.shell import parallel_page

__all__ = ["Bitext", "Picture", "Target", "parallel_page"]
