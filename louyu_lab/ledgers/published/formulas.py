"""Small arithmetic over published figures: + − × ÷, numbers and names, with the room that rounding leaves.

A value is a span ``(low, value, high)``: 62.9 as printed stands for anything from 62.85 to 62.95.
"""

from __future__ import annotations

import ast
import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Span = tuple[float, float, float]

EQUALS, AT_LEAST, AT_MOST = "=", "≥", "≤"

#: How a relation may be written -> what it means.
RELATIONS = {
    **dict.fromkeys(("=", "==", "等于"), EQUALS),
    **dict.fromkeys(("≥", "≧", ">=", "不小于", "不低于"), AT_LEAST),
    **dict.fromkeys(("≤", "≦", "<=", "不大于", "不超过"), AT_MOST),
}

_LONGEST = 500
_ELSE_WRITTEN = str.maketrans({"×": "*", "÷": "/", "−": "-", "—": "-", "–": "-"})
_WHOLE: Span = (-math.inf, math.nan, math.inf)


@dataclass(frozen=True)
class Formula:
    """A formula that was read; ``names`` are the figures it speaks of."""

    tree: ast.expr
    names: frozenset[str]

    @property
    def is_sum(self) -> bool:
        """Tell whether it only adds and subtracts figures, which then are of one kind of unit."""
        signs = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Add, ast.Sub, ast.USub, ast.UAdd)
        return all(isinstance(node, signs) for node in ast.walk(self.tree))

    def value(self, spans: Mapping[str, Span]) -> Span:
        """Return the formula's span from those of its names; KeyError for a name without one."""
        return _value(self.tree, spans)


def folded_name(text: str) -> str:
    """Return a name as formulas read it: full-width letters, digits and brackets become half-width."""
    return unicodedata.normalize("NFKC", text).strip()


def is_known(span: Span) -> bool:
    """Tell whether a formula came to a number: no division by 0, nothing beyond what a float can hold."""
    return math.isfinite(span[1])


def read_formula(text: str) -> Formula:
    """Read a formula; ValueError, with the reason in Chinese, for anything but small arithmetic."""
    plain = folded_name(text).translate(_ELSE_WRITTEN)
    if len(plain) > _LONGEST:
        raise ValueError(f"算式太长（{len(plain)} 个字）")
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"“{text}”不是算式") from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ValueError(f"“{text}”里只能用编号、数字、加减乘除和括号")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise ValueError(f"“{text}”里的“{node.value}”不是数字")
        if isinstance(node, ast.Constant) and not _is_finite(node.value):
            raise ValueError(f"“{text[:20]}…”里的数字太大")
    return Formula(tree, frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))


def holds(left: Span, relation: str, right: Span, tolerance: float | None = None) -> bool:
    """Tell whether a relation can hold.

    Without ``tolerance`` it holds when some values inside both spans meet it; with one the values
    themselves are compared and may miss by that much. What cannot be known holds.
    """
    if tolerance is not None:
        left, right = (left[1],) * 3, (right[1] - tolerance, right[1], right[1] + tolerance)
    # What floating point leaves behind the ninth digit is no contradiction.
    slack = 1e-9 * max(1.0, *(abs(end) for end in (*left, *right) if math.isfinite(end)))
    reaches, stays_below = left[2] >= right[0] - slack, left[0] <= right[2] + slack
    if not (is_known(left) and is_known(right)):
        return True
    return {EQUALS: reaches and stays_below, AT_LEAST: reaches, AT_MOST: stays_below}[relation]


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _value(node: ast.expr, spans: Mapping[str, Span]) -> Span:
    if isinstance(node, ast.Constant):
        return (float(node.value),) * 3
    if isinstance(node, ast.Name):
        return spans[node.id]
    if isinstance(node, ast.UnaryOp):
        low, value, high = _value(node.operand, spans)
        return (-high, -value, -low) if isinstance(node.op, ast.USub) else (low, value, high)
    return _OPERATIONS[type(node.op)](_value(node.left, spans), _value(node.right, spans))


def _add(one: Span, other: Span) -> Span:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _subtract(one: Span, other: Span) -> Span:
    return one[0] - other[2], one[1] - other[1], one[2] - other[0]


def _multiply(one: Span, other: Span) -> Span:
    # Nothing times something unbounded is nothing.
    ends = [0.0 if 0 in (a, b) else a * b for a in (one[0], one[2]) for b in (other[0], other[2])]
    return min(ends), one[1] * other[1], max(ends)


def _divide(one: Span, other: Span) -> Span:
    if other[1] == 0:
        return _WHOLE
    if other[0] <= 0 <= other[2]:
        return -math.inf, one[1] / other[1], math.inf
    return _multiply(one, (1 / other[2], 1 / other[1], 1 / other[0]))


_OPERATIONS: dict[type[ast.operator], Callable[[Span, Span], Span]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
}
_ALLOWED = (
    *(ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Load, ast.USub, ast.UAdd),
    *_OPERATIONS,
)
