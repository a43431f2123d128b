"""python -m surveys.ballots.keygen — creates, rehearses and restores the tally key, offline."""

import argparse
import getpass
import json
import sys
from pathlib import Path

from surveys.ballots import keyfile, plain_json
from surveys.ballots.encoding import Malformed
from surveys.ballots.keyfile import KeyFault

KEY_FILE, PUBLIC_FILE = "tally-key.json", "tally-public.txt"

SHEET = """计票密钥恢复单（绝密，只写在纸上，装入信封密封保管）

公钥识别码　{mark}

恢复码（每行最后一位为校验位）
{lines}

用途：口令遗失或密钥文件损坏时，凭恢复码重建计票密钥。
持有恢复码即可打开全部选票，须与口令分开存放，由两人共同启封。
口令和恢复码同时遗失的，本轮选票无法计票。
"""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.answer:
            return _answer(options)
        if options.public:
            return _public(options)
        return _restore(options) if options.restore else _create(options)
    except KeyFault as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"不能在 {options.out} 建立文件夹（{fault.strerror}），请换一个位置。", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m surveys.ballots.keygen",
        description="生成计票密钥、答复开箱演练，或凭恢复单重建密钥。请在不联网的计算机上使用。",
    )
    parser.add_argument("--out", type=Path, default=Path(), metavar="目录", help="密钥文件存放的目录")
    parser.add_argument(
        "--sheet", type=Path, metavar="文件", help="把恢复单写入文件供打印，打印后须销毁该文件"
    )
    parser.add_argument("--answer", metavar="演练口令", help="解开演练口令，读出答复")
    parser.add_argument(
        "--key", type=Path, default=Path(KEY_FILE), metavar="文件", help="答复演练所用的密钥文件"
    )
    parser.add_argument(
        "--public", action="store_true", help="由密钥文件重新写出公钥文件（旧版本的公钥文件没有签名公钥）"
    )
    parser.add_argument("--restore", action="store_true", help="凭恢复单重建密钥文件")
    return parser


def _create(options: argparse.Namespace) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    private = keyfile.new_private_key()
    lines = keyfile.recovery_lines(private)
    mark = _mark(private)
    sheet = SHEET.format(mark=mark, lines="\n".join(f"{n}　{line}" for n, line in enumerate(lines, start=1)))
    _write(options.out, private)
    if options.sheet:
        _write_new(options.sheet, sheet)
        print(f"恢复单已写入 {options.sheet}，打印后请销毁该文件。")
    else:
        print(sheet)
    return 0


def _restore(options: argparse.Namespace) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    print("请逐行输入恢复单上的四行恢复码。")
    private = keyfile.from_recovery([input(f"第{number}行：") for number in range(1, 5)])
    _write(options.out, private)
    return 0


def _write(folder: Path, private: bytes) -> None:
    passphrase = keyfile.new_passphrase()
    _write_new(folder / KEY_FILE, json.dumps(keyfile.lock(private, passphrase), indent=1) + "\n")
    print(f"密钥文件　{folder / KEY_FILE}（由保管人存放，不得交出）")
    _write_public(folder, private)
    print(f"口令　{passphrase}（只显示这一次，请抄写在纸上，与密钥文件分开保管）")


def _public(options: argparse.Namespace) -> int:
    _write_public(options.out, read_private_key(options.key))
    return 0


def _write_public(folder: Path, private: bytes) -> None:
    _write_new(folder / PUBLIC_FILE, keyfile.handed_over(private) + "\n")
    print(f"公钥文件　{folder / PUBLIC_FILE}（交评价中心）")
    print(f"公钥识别码　{_mark(private)}")


def _mark(private: bytes) -> str:
    return keyfile.public_mark(keyfile.public_key(private), keyfile.counts_key(private))


def _write_new(path: Path, text: str) -> None:
    """Never overwrites a file: it could be the key of a round that is not yet counted."""
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(text)
    except FileExistsError as fault:
        raise KeyFault(f"{path} 已经存在，没有覆盖。请换一个目录，或先移走原文件。") from fault
    except OSError as fault:
        raise KeyFault(f"无法写入 {path}，请检查目录是否存在、是否可写。") from fault


def _answer(options: argparse.Namespace) -> int:
    private = read_private_key(options.key)
    print(f"演练答复　{keyfile.answer_challenge(options.answer, private)}")
    print(f"公钥识别码　{_mark(private)}（须与票箱公示页所列的相同，不同的不要告知答复）")
    return 0


def read_private_key(path: Path) -> bytes:
    """Reads the key file and asks for the passphrase; raises KeyFault."""
    try:
        file = plain_json.parse(path.read_bytes())
    except (OSError, Malformed) as fault:
        raise KeyFault(f"无法读取密钥文件 {path}，请检查路径和文件内容。") from fault
    if sys.stdin.isatty():
        return keyfile.unlock(file, getpass.getpass("请输入口令（不显示）："))
    return keyfile.unlock(file, sys.stdin.readline())


if __name__ == "__main__":
    sys.exit(main())
