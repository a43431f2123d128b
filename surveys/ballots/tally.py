"""python -m surveys.ballots.tally BUNDLE --key FILE — the custodian checks, opens and counts, offline."""

import argparse
import json
import sys
from pathlib import Path

from surveys.ballots import explanations, keyfile, signing
from surveys.ballots.bundle import Altered, Bundle, BundleFault
from surveys.ballots.control import unexplained
from surveys.ballots.controls import controls
from surveys.ballots.counting import LEAST_BALLOTS, count_bundle, counts_file
from surveys.ballots.encoding import from_b64
from surveys.ballots.forms import Json
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.keygen import read_private_key
from surveys.ballots.sealing import REASONS


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.out.exists():  # said before all ballots are opened, not after it
        return _taken(options.out)
    try:
        bundle = Bundle(options.bundle)
        check_before_opening(bundle, _explained(bundle, options.explanations))
        private = _fitting_key(bundle, options)
        counts = _count(bundle, private, options)
        with options.out.open("x", encoding="utf-8") as file:
            json.dump(counts, file, ensure_ascii=False, indent=1)
    except Altered as fault:
        print(fault, file=sys.stderr)
        return 1
    except (BundleFault, KeyFault, explanations.ExplanationFault) as fault:
        print(f"{fault}\n没有写出计票结果，计票包和密钥没有改动，可以再次计票。", file=sys.stderr)
        return 1
    except FileExistsError:
        return _taken(options.out)
    _report(counts, options.out)
    return 0


def _taken(out: Path) -> int:
    print(f"{out} 已经存在，没有覆盖。请先移走原文件，或者用 --out 指定另一个文件。", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m surveys.ballots.tally",
        description="核验计票包，用计票密钥开票并计票。请在不联网的计算机上使用。",
    )
    parser.add_argument("bundle", type=Path, metavar="计票包")
    parser.add_argument("--key", type=Path, metavar="文件", help="计票密钥文件")
    parser.add_argument("--recovery", action="store_true", help="不用密钥文件，输入恢复单上的恢复码")
    parser.add_argument("--out", type=Path, default=Path("counts.json"), metavar="文件", help="计票结果文件")
    parser.add_argument(
        "--explanations", type=Path, metavar="文件", help="评价中心导出的核对说明（有核对项不成立时）"
    )
    parser.add_argument("--processes", type=int, default=1, metavar="个数", help="同时使用的处理器个数")
    parser.add_argument(
        "--least", type=int, default=LEAST_BALLOTS, metavar="张数", help="有效票少于此数的类别合并统计"
    )
    return parser


def _explained(bundle: Bundle, path: Path | None) -> explanations.Explanations:
    if path is None:
        return explanations.Explanations()
    try:
        return explanations.read(path.read_bytes(), bundle.survey)
    except OSError as fault:
        raise explanations.ExplanationFault(f"无法读取核对说明 {path}，请检查路径。") from fault


def check_before_opening(bundle: Bundle, given: explanations.Explanations) -> None:
    """Raises BundleFault before the first ballot is opened, for a changed bundle or an unexplained control.

    Prints the explanations of the others.
    """
    found = [] if (changed := bundle.faults()) else controls(bundle)
    broken = unexplained(found, given.explained)
    if changed or broken:
        more = "可以说明的，由纪检监察人员在“核对情况”中说明后导出，计票时选用（命令行用 --explanations）。"
        lines = [f"核对不成立：{each.said}。" for each in broken]
        raise BundleFault("\n".join([*changed, *lines, *[more] * any(one.explainable for one in broken)]))
    for control in found:
        if one := given.of(control):
            print(f"核对不成立，已由具名人员说明：{one}")
        elif control.uncounted:
            print(f"未清点：{control.said}")


def _fitting_key(bundle: Bundle, options: argparse.Namespace) -> bytes:
    if options.recovery:
        print("请逐行输入恢复单上的四行恢复码。")
        private = keyfile.from_recovery([input(f"第{number}行：") for number in range(1, 5)])
    elif options.key:
        private = read_private_key(options.key)
    else:
        raise KeyFault("请用 --key 指定计票密钥文件，或用 --recovery 输入恢复码。")
    if keyfile.public_key(private) != from_b64(bundle.public["tally_key"], keyfile.KEY_LENGTH):
        raise KeyFault("这把密钥不是本次评价的计票密钥，请换用与公钥识别码相符的密钥文件。")
    if not signing.fits(private, bundle.public):
        raise KeyFault("计票包所列的签名公钥不出自这把计票密钥，可能被调换，请封存计票包并查明原因。")
    return private


def _count(bundle: Bundle, private: bytes, options: argparse.Namespace) -> Json:
    found = count_bundle(bundle, private, processes=max(1, options.processes), progress=_progress)
    if found.forged:
        listed = "、".join(tracker[:16] for tracker in found.forged[:10])
        raise BundleFault(f"票箱中有{len(found.forged)}张选票的签名不成立（回执码{listed}），请先查明原因。")
    counts = counts_file(bundle, found, least=max(1, options.least))
    return signing.signed(counts, private, bundle.public)


def _progress(done: int, total: int) -> None:
    print(f"\r已开票 {done}／{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _report(counts: Json, out: Path) -> None:
    spoiled = sum(counts["spoiled"].values())
    print(f"共{counts['ballots']}张选票，有效{counts['ballots'] - spoiled}张，废票{spoiled}张。")
    if packets := counts.get("packets"):
        paper = counts["paper"]
        print(
            f"另有纸质票{packets}份（测评表{paper['sheets']}张，其中废票{paper['spoiled']}张），已合并计票。"
        )
    for reason, number in counts["spoiled"].items():
        print(f"　废票：{REASONS[reason]}，{number}张")
    for group in counts["strata"]:
        print(f"　{group['name']}：有效{group['counted']}张")
    said = "已签名，" if signing.SIGNATURE in counts else ""
    print(f"计票结果{said}已写入 {out}，请交纪检监察机关导入。")


if __name__ == "__main__":
    sys.exit(main())
