"""What disclosure offers on the start page."""

from office.workbench import start_page

start_page.add_link(
    "评价轮次",
    "办理评价轮次",
    "cockpit:rounds",
    "round.view",
    hint="各轮次走到哪一步、下一步做什么",
    order=10,
)
start_page.add_link(
    "评价轮次", "新建轮次", "cockpit:new", "round.edit", hint="选定方案、周期、基准日和公布范围", order=20
)
start_page.add_link(
    "单位和人员",
    "公示身份和职责",
    "review:overview",
    "disclosure.view",
    hint="提交、审核、核准公示内容，核对修改前后",
    order=5,
)
start_page.add_link(
    "本单位",
    "查看本单位评价结果",
    "cockpit:own",
    "result.view_own",
    hint="送达之后的得分、等次和推导，提出申诉",
    order=10,
)
