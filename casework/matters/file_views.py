"""Hand out the files of matters, always to be saved: a browser runs nothing that somebody handed in."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from casework.matters import files
from casework.models import MatterFile
from office.workbench.attempt import attempt
from office.workbench.pages import page, require, signed_in


@require_GET
def matter_file(request: HttpRequest, file_id: int) -> FileResponse:
    """The file, if it is one this user may open; else it is not there."""
    found = get_object_or_404(files.files_for(signed_in(request)), pk=file_id)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = str(found.file.name).rpartition(".")[2]
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=files.TYPES.get(kind)
    )
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def show_to_unit(request: HttpRequest, file_id: int) -> HttpResponse:
    """Tick or untick that the unit may see a file; back to the page it was ticked on."""
    user = require(request, "matter.run")
    found = get_object_or_404(MatterFile, pk=file_id)
    shown = request.POST.get("shown") == "1"
    done = "承办单位现在可以看到这份附件。" if shown else "承办单位不再看到这份附件。"
    with attempt(request, done):
        files.show_file_to_unit(file=found, shown=shown, acting_user=user)
    back = request.POST.get("next", "")
    here = {request.get_host()}
    return redirect(back if back and url_has_allowed_host_and_scheme(back, here) else "admin:index")


urlpatterns: list[URLPattern] = [
    page("office/matters/files/<int:file_id>/", matter_file, "matter-file"),
    page("office/matters/files/<int:file_id>/shown/", show_to_unit, "matter-file-shown"),
]
