"""Reads a scheme strictly and reports every fault of form, naming and arithmetic at once."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from evaluations.scoring.options import Option, OptionReplacer, Reading
from evaluations.scoring.references import reference_faults
from evaluations.scoring.scheme import Scheme
from office.definitions.faults import Fault, InvalidSchemeError
from office.definitions.forms import form_faults
from office.definitions.source import Document, read_yaml

SCHEMES = FilePath(__file__).resolve().parents[2] / "schemes"


class Policy:
    """A scheme file whose options are still open; ``decide`` closes them.

    The same choices return the same ``Scheme`` object.
    """

    def __init__(self, document: Document, sha256: str) -> None:
        self.sha256 = sha256
        self.file = document.file
        self._document = document
        self._decided: dict[str, Scheme] = {}
        self.options, self.readings = _declared(document)
        self.defaults = self._build_all()
        self._decided[_key(self.default_options())] = self.defaults

    @property
    def id(self) -> str:
        """Also the name of the scheme's folder."""
        return self.defaults.id

    def default_options(self) -> dict[str, Any]:
        """Values in the form an outcome records."""
        return {name: option.normal(option.default) for name, option in self.options.items()}

    def chosen_options(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """Every option with the value that counts; ``overrides`` must have been checked."""
        chosen = {name: self.options[name].normal(value) for name, value in overrides.items()}
        return {**self.default_options(), **chosen}

    def decide(self, overrides: Mapping[str, Any] | None = None) -> Scheme:
        """Raises ``InvalidSchemeError`` if a choice does not fit."""
        overrides = overrides or {}
        if faults := self.option_faults(overrides):
            raise InvalidSchemeError(faults)
        key = _key(self.chosen_options(overrides))
        if key not in self._decided:
            self._decided[key] = self._build(overrides)
        return self._decided[key]

    def option_behind(self, step: str, name: str) -> str:
        """Return the option that decides this value of a step; empty where the scheme fixes it."""
        for raw in self._document.data.get("steps", ()):
            value = raw.get(name) if raw.get("id") == step else None
            if isinstance(value, dict) and isinstance(value.get("option"), str):
                return str(value["option"])
        return ""

    def option_faults(self, overrides: Mapping[str, Any]) -> list[Fault]:
        faults: list[Fault] = []
        for name, value in overrides.items():
            option = self.options.get(name)
            why = (
                option.refuses(value)
                if option
                else f"no such option; options are {'、'.join(self.options) or '(none)'}"
            )
            faults.extend([Fault(("options", name), why)] if why else [])
            if option and option.of == "roles" and not why:
                faults.extend(self._role_faults(name, value))
        return faults

    def _role_faults(self, name: str, weights: Mapping[str, Any]) -> list[Fault]:
        """Roles can hang on no option, so the raw scheme has them."""
        subjects = self._document.data.get("subjects")
        roles = (subjects.get("roles") if isinstance(subjects, dict) else None) or {}
        return [
            Fault(("options", name, role), f"no such role; roles are {'、'.join(roles) or '(none)'}")
            for role in weights
            if role not in roles
        ]

    def _build_all(self) -> Scheme:
        """The default scheme; faults that only other choices cause are found here as well.

        Every choice of every option is tried: all options take their second choice together, then their
        third, and so on.
        """
        scheme, faults = self._built({})
        others = {name: option.other_choices() for name, option in self.options.items()}
        for turn in range(max(map(len, others.values()), default=0)):
            chosen = {name: values[turn] for name, values in others.items() if turn < len(values)}
            known = {_gist(fault) for fault in faults}
            faults += [fault for fault in self._built(chosen)[1] if _gist(fault) not in known]
        if faults or scheme is None:
            raise InvalidSchemeError(sorted(faults, key=lambda fault: fault.line))
        return scheme

    def _build(self, overrides: Mapping[str, Any]) -> Scheme:
        scheme, faults = self._built(overrides)
        if faults or scheme is None:
            raise InvalidSchemeError(faults)
        return scheme

    def _built(self, overrides: Mapping[str, Any]) -> tuple[Scheme | None, list[Fault]]:
        values = {
            name: option.ordered(overrides.get(name, option.default)) for name, option in self.options.items()
        }
        replacer = OptionReplacer(self._document, values, _readings_of(self.readings))
        document = replacer.document()
        faults = [*replacer.faults, *reference_faults(document)]
        unused = [name for name in self.options if name not in replacer.used]
        faults += [
            document.fault(("options", name), "nothing uses it; use it or remove it") for name in unused
        ]
        scheme = None
        try:
            scheme = Scheme.model_validate(document.data)
        except ValidationError as error:
            form = form_faults(document, error, Scheme)
            faults += [fault for fault in form if fault.path not in replacer.undecided]
        return scheme, faults


def parse_scheme(text: str, file: str = "scheme.yaml") -> Policy:
    """A policy from its text; raises ``InvalidInputError`` with every fault."""
    document = read_yaml(text, file)
    if not isinstance(document.data, dict):
        raise InvalidSchemeError([document.fault((), "a scheme is a mapping that begins with id and title")])
    return Policy(document, hashlib.sha256(text.encode()).hexdigest())


def load_scheme(place: str | FilePath) -> Policy:
    """A shipped scheme by its id, or any scheme by its folder or file.

    Raises ``InvalidInputError`` with every fault, or naming the shipped schemes where there is none.
    """
    path = _found(place)
    if path is None:
        known = "、".join(scheme_ids())
        named = ascii(str(place))[1:81] if len(str(place)) > 80 else place
        raise InvalidSchemeError([Fault((), f"no such scheme: {named}; shipped schemes are {known}")])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault((), f"not readable as UTF-8 text: {error}; save it as UTF-8", str(path))
        raise InvalidSchemeError([fault]) from None
    return _parsed(text, str(path))


def _found(place: str | FilePath) -> FilePath | None:
    path = FilePath(place)
    try:
        if (SCHEMES / place / "scheme.yaml").is_file():
            path = SCHEMES / place
        if path.is_dir():
            path = path / "scheme.yaml"
        return path if path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def scheme_ids() -> list[str]:
    return sorted(path.parent.name for path in SCHEMES.glob("*/scheme.yaml"))


@lru_cache(maxsize=32)
def _parsed(text: str, file: str) -> Policy:
    return parse_scheme(text, file)


def _gist(fault: Fault) -> tuple[int, str]:
    """Identifies a fault across choices: the suggestions after ";" may differ from choice to choice."""
    return fault.line, fault.message.partition(";")[0]


def _key(options: Mapping[str, Any]) -> str:
    return repr(sorted(options.items()))


def _readings_of(readings: tuple[Reading, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reading in readings:
        for option in reading.options:
            found.setdefault(option, []).append(reading.id)
    return found


def _declared(document: Document) -> tuple[dict[str, Option], tuple[Reading, ...]]:
    """The well-formed options and readings; malformed ones are reported with the whole scheme."""
    options: dict[str, Option] = {}
    readings: list[Reading] = []
    raw = document.data.get("options")
    for name, option in raw.items() if isinstance(raw, dict) else ():
        try:
            options[name] = Option.model_validate(option)
        except ValidationError:
            continue
    raw = document.data.get("readings")
    for reading in raw if isinstance(raw, list) else ():
        try:
            readings.append(Reading.model_validate(reading))
        except ValidationError:
            continue
    return options, tuple(readings)
