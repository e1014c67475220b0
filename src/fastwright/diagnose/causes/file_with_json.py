"""A file and JSON in one request.

With a file the body is `multipart/form-data`, so there is no JSON body beside it: a model that is a parameter next to
an `UploadFile` becomes one field of the form, whose text is never parsed, so that no client can ever send it. Or a
file was sent as a text, or as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.body import Form, Part
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene, shown

RANK = 20
_MODELS = ("model_attributes_type", "model_type", "dict_type", "dataclass_type")


def find(scene: Scene) -> Iterator[Found]:
    if not scene.wants_form:
        return
    kinds = {field.alias: field.kind for field in scene.operation.of("body")}
    for refused in scene.claim("*"):
        name = str(refused.loc[1]) if len(refused.loc) > 1 and refused.loc[0] == "body" else ""
        if kinds.get(name) == "file" and len(refused.loc) <= 3:
            yield _not_a_file(scene, refused, name)
        elif refused.type in _MODELS and len(refused.loc) == 2 and not scene.is_whole("body"):
            yield scene.found(
                refused,
                expected="a model, which a field of a form can never be",
                why=f"{declared(refused)}; beside a file it is a field of the form, and its text is not parsed as JSON",
                fix=f"declare {shown(refused)} as Json[…] with Form(), or its fields one by one",
                side="server",
                mend=lambda request: request,
            )
        else:
            scene.release(refused)


def _not_a_file(scene: Scene, refused: Refused, name: str) -> Found:
    got = scene.got(("body", name))
    return scene.found(
        refused,
        loc=("body", name),
        expected="a file, in multipart/form-data",
        why=f"{declared(refused)}, so {name} has to be a part with a file name",
        fix=f"send it as a file: -F {name}=@path" if got is not None else f"add the file: -F {name}=@path",
        mend=_as_file(name),
    )


def _as_file(name: str) -> Mend:
    def change(request: Request) -> Request:
        form = request.form or Form(())
        sent = form.of(name)
        contents = [part.content for part in sent] or [b"sample\n"]
        kept = tuple(part for part in form.parts if part.name != name)
        files = tuple(Part(name, content or b"sample\n", "sample.txt", "text/plain") for content in contents)
        return request.with_body(Form((*kept, *files), multipart=True))

    return change
