"""A paper handed in with an appeal is read by whoever decides, and by nobody else's department."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from departments.models import Membership
from evaluations import services
from evaluations.models import Appeal
from office.errors import Refused
from office.files import stored
from tests.evaluations.county import SERVED, County, at_ten
from tests.evaluations.pages import Browse, starts

LETTER = SimpleUploadedFile("说明 一.pdf", b"%PDF-1.7 letter")


def lodge(county: County, paper: SimpleUploadedFile) -> Appeal:
    paper.seek(0)
    return services.lodge_appeal(
        round_department=county.round.departments.all()[0],
        text="对本单位得分有异议。",
        papers=[paper, SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n")],
        now=at_ten(SERVED),
        acting_user=county.operator,
    )


@starts("served")
def test_a_paper_is_stored_privately_and_read_by_who_may_read_the_appeal(
    county: County, browse: Browse
) -> None:
    appeal = lodge(county, LETTER)
    first, second = appeal.papers.all()
    assert (first.file_name, second.file_name) == ("说明 一.pdf", "照片.png")
    address = f"/office/rounds/appeals/papers/{first.pk}/"
    answer = browse("centre_reviewer").get(address)
    assert b"".join(answer) == b"%PDF-1.7 letter"
    assert "attachment" in answer["Content-Disposition"]
    assert "附件：说明 一.pdf" in browse("centre_reviewer").get(f"{county.pages}appeals/").content.decode()
    own, other = county.departments[:2]
    Membership.objects.all().delete()
    member = Membership.objects.create(user=county.users["department_officer"], department=own)
    assert browse("department_officer").get(address).status_code == 200
    Membership.objects.filter(pk=member.pk).update(department=other)
    assert browse("department_officer").get(address).status_code == 403


@starts("served")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.pdf", b"MZ a program", "类型不能接收"), ("a.pdf", b"", "空文件"), ("a.xlsx", b"%PDF-1", "类型不符")],
)
def test_an_odd_paper_is_refused_and_leaves_nothing(
    county: County, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        lodge(county, SimpleUploadedFile(name, content))
    assert not Appeal.objects.exists()
    assert list(stored.names(stored.private(), "appeals")) == []
