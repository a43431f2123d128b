"""python -m surveys.ballots.custody — the custodian's work in one Chinese window, offline.

It asks for what the commands want to know and runs them; a file is dragged into the window or typed.
"""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from surveys.ballots import keygen, tally, verify
from surveys.ballots.keygen import KEY_FILE

MENU = """
计票密钥保管人（请在不联网的计算机上使用）
  1　开评前：生成计票密钥
  2　开评前：开箱演练，读出答复
  3　截止后：计票
  4　公布前后：核验
  5　凭恢复单重建密钥
  0　退出
"""
POSTED = (("--fp", "校验码"), ("--code-root", "票码清单摘要"), ("--tracker-root", "回执名单摘要"))


def main() -> int:
    acts: tuple[Callable[[], int], ...] = (_create, _rehearse, _count, _check, _restore)
    by_number = {str(number): act for number, act in enumerate(acts, start=1)}
    while True:
        print(MENU)
        try:
            chosen = _asked("请输入序号，按回车键")
        except EOFError:
            return 0
        if chosen == "0":
            return 0
        if chosen not in by_number:
            print("没有这个序号，请重新输入。")
            continue
        with contextlib.suppress(EOFError):
            _done(by_number[chosen]())


def _done(status: int) -> None:
    print("\n办理完毕。" if status == 0 else "\n没有办理成功，原因见上，可以再次办理。")


def _create() -> int:
    folder = _folder()
    sheet = folder / "恢复单.txt"
    return keygen.main(["--out", str(folder), "--sheet", str(sheet)])


def _restore() -> int:
    return keygen.main(["--restore", "--out", str(_folder())])


def _rehearse() -> int:
    answer = "".join(_asked("请粘贴演练口令，或把演练口令文件拖入窗口").split())
    if (file := Path(_bare(answer))).is_file():
        answer = "".join(file.read_text(encoding="utf-8").split())
    return keygen.main([f"--answer={answer}", "--key", _key()])


def _count() -> int:
    bundle = _file("请把计票包拖入窗口")
    out = Path(bundle).with_name("counts.json")
    has_key = _yes("用密钥文件计票吗（没有密钥文件、用恢复单的输入 n）")
    given = ["--key", _key()] if has_key else ["--recovery"]
    if explained := _bare(_asked("有核对说明文件的，拖入窗口；没有的直接按回车键")):
        given += ["--explanations", explained]
    return tally.main([bundle, *given, "--out", str(out)])


def _check() -> int:
    bundle = _file("请把核验包拖入窗口")
    given = [bundle]
    for option, name in POSTED:
        if value := _asked(f"事先留存的{name}，没有的直接按回车键"):
            given += [option, value]
    if _yes("用密钥重新开票计票吗（保管人不在场的输入 n）"):
        given += ["--key", _key()]
    return verify.main(given)


def _key() -> str:
    return _bare(_asked(f"请把密钥文件拖入窗口（直接按回车键为本文件夹中的 {KEY_FILE}）")) or KEY_FILE


def _folder() -> Path:
    folder = Path(_bare(_asked("存放密钥文件的文件夹（直接按回车键为本文件夹中的“密钥”）")) or "密钥")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _file(question: str) -> str:
    while not Path(found := _bare(_asked(question))).is_file():
        print("没有这个文件，请重新拖入。")
    return found


def _yes(question: str) -> bool:
    return _asked(question).lower() not in {"n", "no", "否", "不"}


def _asked(question: str) -> str:
    return input(f"{question}：").strip()


def _bare(path: str) -> str:
    """A dragged file may come in quotes."""
    return path.strip().strip("\"'")


if __name__ == "__main__":
    sys.exit(main())
