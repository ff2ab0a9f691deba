"""Every public function of the numeric modules says what it computes, shows it, and says where it comes from."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re

import pytest

from tests.layers import numeric_parts

# These check or prepare what others compute: there is nothing to cite.
PLUMBING = {"arguments", "build", "new_path", "Problem"}


def public(part):
    """Return the public functions and classes of a part: all that is exported, or all without an underscore."""
    module = importlib.import_module(f"helpers.{part}")
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    for name in names:
        thing = getattr(module, name)
        ours = getattr(thing, "__module__", "").startswith(f"helpers.{part}")
        if ours and (inspect.isfunction(thing) or inspect.isclass(thing)):
            yield name, thing


PUBLIC = {f"{part}.{name}": thing for part in numeric_parts() for name, thing in public(part)}
every_public = pytest.mark.parametrize("name", PUBLIC)


def refuses(thing):
    """Whether a function raises by itself or hands its arguments to the checks in helpers/arguments.py."""
    for node in ast.walk(ast.parse(inspect.getsource(thing))):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "arguments":
            return True
    return False


def text(name):
    """Return the docstring of a public thing; a dataclass without one has its signature there instead."""
    written = inspect.getdoc(PUBLIC[name]) or ""
    return "" if written.startswith(f"{PUBLIC[name].__name__}(") else written


def test_the_functions_of_the_course_are_found():
    assert {"descent.gradient_descent", "problems.quadratic", "arguments.number"} <= set(PUBLIC)


@every_public
def test_it_opens_with_one_sentence(name):
    first = text(name).partition("\n\n")[0]
    assert first
    assert first.endswith(".")
    if inspect.isfunction(PUBLIC[name]):
        assert first.startswith("Return ")


@every_public
def test_it_shows_an_example_that_doctest_runs(name):
    assert doctest.DocTestParser().get_examples(text(name))


@every_public
def test_it_says_what_it_refuses(name):
    if refuses(PUBLIC[name]):
        assert "Raises ValueError" in re.sub(r"\s+", " ", text(name))


@every_public
def test_it_names_its_source_with_the_year(name):
    part, function = name.split(".")
    if not {part, function} & PLUMBING:
        source = re.sub(r"\s+", " ", text(name).partition("Source:")[2])
        assert re.search(r"\b(1[5-9]|20)\d\d\b", source) or re.search("the course's own|derived in", source)


@every_public
def test_its_signature_is_typed(name):
    if inspect.isfunction(PUBLIC[name]):
        signature = inspect.signature(PUBLIC[name])
        assert signature.return_annotation is not signature.empty
        for parameter in signature.parameters.values():
            assert parameter.annotation is not parameter.empty, parameter.name


def test_what_a_function_refuses_is_recognised():
    descent = importlib.import_module("helpers.descent")
    assert refuses(descent.gradient_step)  # raises by itself
    assert refuses(descent.predicted_change)  # has its arguments checked
    assert not refuses(descent._bend)
