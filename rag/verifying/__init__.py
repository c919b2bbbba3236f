"""The gate: every figure, year, place and name of a claim stands in the paragraph that it cites, or it isn't shown.

It does not ask who drafted the claim, and calls no model: figures are compared by value, unit and qualifier, and what
they are figures of by the words around them.  `gate` reads like the list of what is checked.
"""

from rag.verifying.faults import Fault, FaultKind
from rag.verifying.gate import SourceText, verify

__all__ = ["Fault", "FaultKind", "SourceText", "verify"]
