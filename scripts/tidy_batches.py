#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tidy_batches.py TREE FILE...: sources that clang-tidy is to see several at once.

Most of what it looks at in a test is Catch2 and the JSON library. Each batch includes some of the
files, so that it does so once for all of them. Writes the batches into TREE/batches, with the
compile commands that the files have in TREE and the settings that they have in their folder;
prints the paths of the batches.
"""
import json
import pathlib
import sys

FILES_EACH = 8
# Checks that are not for files which include sources.
NOT_HERE = ["bugprone-suspicious-include", "google-global-names-in-headers"]


def write_if_new(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main(tree, files):
    batches = pathlib.Path(tree) / "batches"
    batches.mkdir(exist_ok=True)
    root = pathlib.Path.cwd()
    settings = (root / files[0]).with_name(".clang-tidy").read_text().rstrip()
    write_if_new(batches / ".clang-tidy", settings + "".join(f",\n  -{check}" for check in NOT_HERE) + "\n")
    known = {entry["file"]: entry for entry in json.loads((batches.parent / "compile_commands.json").read_text())}
    commands = []
    for start in range(0, len(files), FILES_EACH):
        part = files[start : start + FILES_EACH]
        batch = (batches / f"batch_{start // FILES_EACH}.cpp").resolve()
        write_if_new(batch, "".join(f'#include "{file}"\n' for file in part))
        like = known[str(root / part[0])]
        command = like["command"].replace(like["file"], str(batch))
        commands.append({"directory": like["directory"], "command": command, "file": str(batch)})
        print(batch.relative_to(root))
    write_if_new(batches / "compile_commands.json", json.dumps(commands, indent=1))


main(sys.argv[1], sys.argv[2:])
