"""JSON where a form is wanted.

The endpoint declares `Form()` or takes files, and so reads a form: of JSON it sees nothing, and every field is
missing. The login with `OAuth2PasswordRequestForm` is the best known of them: it wants `username` and `password` as a
form.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._shapes import about_body, as_form, body_name, body_place
from fastwright.diagnose.scene import Found, Scene

RANK = 15


def find(scene: Scene) -> Iterator[Found]:
    value = scene.request.json
    if not scene.wants_form or scene.request.form is not None or not isinstance(value, dict):
        return
    if not scene.claim_body():
        return
    form = as_form(value, scene.operation.of("body"), multipart=scene.wants_file)
    kind = "multipart/form-data, with the file" if scene.wants_file else "a form"
    yield Found(
        about_body(
            scene,
            got=scene.request.media or "JSON",
            expected=kind,
            why=f"{body_name(scene)} is read from {kind}{body_place(scene)}, and JSON was sent: nothing in it is seen",
            fix="send the same fields as a form" + (", the files as files" if scene.wants_file else ""),
        ),
        lambda request: request.with_body(form),
    )
