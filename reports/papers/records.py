"""Table sheets (表式记录): talk and service. No red head; cells stay open to be written by hand."""

from __future__ import annotations

from functools import partial

from django.urls import reverse

from evaluations.models import Disposition
from office import dates
from reports.documents import sending
from reports.documents.content import Content, Field, Fields, Form, Signatures
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About
from reports.models import OfficialDocument
from reports.papers import register as entries
from reports.papers.register import DISPOSITION

DOCUMENT = "document"


def talk_record(found: Disposition, given: Given) -> Content:
    """For a talk that was decided; what was said is written in it by hand."""
    return Content(
        form=Form.RECORD,
        title=f"{found.word}记录",
        issuer=given.body.name,
        on=given.on,
        blocks=(
            Fields(
                (
                    (Field("谈话对象", found.whom), Field("职务", found.person_post)),
                    (Field("所在单位", found.subject.name), Field("谈话人", given.text("talker"))),
                    (Field("谈话时间", given.text("time")), Field("谈话地点", given.text("place"))),
                    (Field("记录人", given.text("recorder")), Field("决定文号", found.number)),
                    (
                        Field(
                            "谈话事由",
                            f"{found.because.rstrip('。')}。依据{entries.clause_of(found)}、{entries.decided(found)}。",
                            2,
                        ),
                    ),
                    (Field("谈话内容", given.text("said"), 9),),
                    (Field("本人说明", lines=7),),
                    (Field("整改措施和承诺", lines=7),),
                )
            ),
            Signatures(("谈话对象", "谈话人", "记录人")),
        ),
        note="本记录抄送谈话对象所在单位主要负责人",
    )


def _talk_asks(found: Disposition) -> list[Ask]:
    by_hand = "空着的，打印后手填。"
    return [
        Ask("talker", "谈话人", help=by_hand, rows=1, required=False),
        Ask("recorder", "记录人", help=by_hand, rows=1, required=False),
        Ask("time", "谈话时间", help=by_hand, rows=1, required=False),
        Ask("place", "谈话地点", help=by_hand, rows=1, required=False),
        Ask("said", "谈话内容", help="谈话要点。空着的，打印后手填。", rows=4, required=False),
    ]


def receipt(document: OfficialDocument, given: Given) -> Content:
    whom = document.unit.name if document.unit and not document.concerns_person else ""
    notice = sending.notice_of(document)
    way = "□直接　■系统\n□邮寄　□留置" if notice else "□直接　□系统\n□邮寄　□留置"
    sent = dates.moment(notice.sent_at) if notice else ""
    received = dates.moment(notice.received_at) if notice and notice.received_at else ""
    signed = f"由{notice.received_by}在系统内签收。" if notice and notice.received_by else ""
    return Content(
        form=Form.RECORD,
        title="送达回证",
        issuer=given.body.name,
        on=given.on,
        blocks=(
            Fields(
                (
                    (Field("送达文书", document.title, 2),),
                    (Field("文号", document.number),),
                    (Field("受送达人", given.text("whom") or whom),),
                    (Field("送达方式", way), Field("送达地点")),
                    (Field("送达时间", sent), Field("收到时间", received)),
                    (Field("代收人及理由", lines=3),),
                    (Field("拒收事由", lines=4),),
                    (Field("备注", signed, 3),),
                )
            ),
            Signatures(("受送达人", "送达人", "见证人")),
        ),
    )


def _receipt_asks(document: OfficialDocument) -> list[Ask]:
    whom = document.unit.name if document.unit and not document.concerns_person else ""
    return [Ask("whom", "受送达人", help="单位全称，或者姓名和职务。", initial=whom, rows=1)]


def _withdrawn(document: OfficialDocument) -> str:
    gone = document.state == OfficialDocument.State.WITHDRAWN
    return "这件公文已撤回，不再送达。" if gone else ""


register_subject(
    DOCUMENT,
    Subject(
        label="公文",
        find=lambda pk: OfficialDocument.objects.select_related("unit", "body").filter(pk=pk).first(),
        said=str,
        url=lambda found: reverse("document-page", args=[found.pk]),
        concerns=lambda found: About(DOCUMENT, found.pk, found.unit, found.concerns_person),
    ),
)
register(
    Paper(
        kind="talk_record",
        label="谈话记录",
        about=DISPOSITION,
        build=talk_record,
        asks=_talk_asks,
        why_not=entries.not_decided,
        fits=partial(entries.has_notice, "talk_record"),
    )
)
register(
    Paper(
        kind="receipt",
        label="送达回证",
        about=DOCUMENT,
        build=receipt,
        asks=_receipt_asks,
        why_not=_withdrawn,
        fits=lambda found: found.kind != "receipt",
    )
)
