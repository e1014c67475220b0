"""How an app that has no mail yet gets it: by which settings, and in which file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.changes.add_setting_field import AddSettingField
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.secrets import Secret, secret
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Refusal

_PUBLIC = '"http://localhost:3000"'
_SENDER = '"noreply@localhost"'
# What a module has that is ours.
_OWN = ("Mailer", "Message", "get_mailer")
_FIELDS = (("smtp_url", "SecretStr", 'SecretStr("")'), ("mail_from", "str", _SENDER), ("public_url", "str", _PUBLIC))


@dataclass(frozen=True)
class Mailing:
    """Expressions for the server's URL, the sender, the address of the frontend, and the environment."""

    place: Place
    url: str
    sender: str
    public: str
    environment: str
    variable: str
    environment_variable: str
    symbols: dict[str, Symbol]
    fields: tuple[AddSettingField, ...]
    secret_variable: str = "SECRET_KEY"  # noqa: S105 - the name of a variable
    is_there: bool = False

    @property
    def production(self) -> dict[str, str]:
        """The variables with which it starts as it would for others, mail left out."""
        return {self.environment_variable: "production", self.secret_variable: "0" * 64}

    def parts(self) -> Iterator[Part]:
        """Yield the code, unless the app has it from an earlier time."""
        if not self.is_there:
            yield Part(self.place, rendered("recovery/mail.py", mail=self), "Mail, behind a small interface.")


def mailing(app: Surroundings) -> Mailing | Refusal:
    """Return how mail gets into an app, or why it cannot be put there."""
    file = app.layout.main if app.layout.is_single else str(app.layout.root / "mail.py")
    known = app.known.source.files.get(file)
    is_there = known is not None and set(_OWN) <= {*known.definitions}
    if not app.layout.is_single and known is not None and not is_there:
        hint = "send the link through it by hand, then: fastwright prove"
        return Refusal(reason=f"{file} is where mail belongs, and there is something already", hint=hint)
    place, found = (
        app.layout.place("security", "mail", "mail") if app.layout.is_single else Place(file),
        secret(app.known),
    )
    owner = next((one for one in app.known.project.conventions.settings if one.file), None)
    if found.kind != "settings" or owner is None or owner.file is None:
        environment = 'os.environ.get("ENVIRONMENT", "development")'
        values = {name: f'os.environ.get("{name.upper()}", {default})' for name, _kind, default in _FIELDS}
        values["smtp_url"] = 'os.environ.get("SMTP_URL", "")'
        names = (values["smtp_url"], values["mail_from"], values["public_url"], environment)
        mail = Mailing(place, *names, "SMTP_URL", "ENVIRONMENT", {}, ())
    else:
        mail = _by_settings(place, found, (owner.file, owner.name))
    own: dict[str, Symbol] = {name: (file, name) for name in _OWN}
    return replace(mail, is_there=True, fields=(), symbols={**mail.symbols, **own}) if is_there else mail


def _by_settings(place: Place, found: Secret, owner: Symbol) -> Mailing:
    instance, _dot, environment = found.environment.partition(".")
    shown = {name: name.upper() if environment.isupper() else name for name, _kind, _default in _FIELDS}
    fields = [
        AddSettingField(
            file=owner[0],
            class_name=owner[1],
            field=shown[name],
            type=kind,
            default=default,
            imports=(Import(module="pydantic", name="SecretStr"),) if kind == "SecretStr" else (),
        )
        for name, kind, default in _FIELDS
    ]
    for file, class_name, name, kind, default in found.missing:
        if name == environment:
            fields.append(AddSettingField(file=file, class_name=class_name, field=name, type=kind, default=default))
    prefix = found.environment_variable.removesuffix(environment.upper())
    return Mailing(
        place=place,
        url=f"{instance}.{shown['smtp_url']}.get_secret_value()",
        sender=f"{instance}.{shown['mail_from']}",
        public=f"{instance}.{shown['public_url']}",
        environment=found.environment,
        variable=f"{prefix}SMTP_URL",
        environment_variable=found.environment_variable,
        symbols=dict(found.symbols),
        fields=tuple(fields),
        secret_variable=found.variable,
    )


def settings_of(one: Mailing) -> Iterator[str]:
    """Yield the names of the variables that set it up."""
    prefix = one.variable.removesuffix("SMTP_URL")
    yield from (f"{prefix}{name.upper()}" for name, _kind, _default in _FIELDS)
